// An official opens a link from a mail. The story of a page that somebody is sent: it is read on a screen of any size, at
// 400 % zoom, with the reader's own spacing and colours, by a screen reader, and on paper. Anything wrong fails.
//
//   node .ci/official.mjs http://127.0.0.1:8080
//
// .ci/browser.mjs says what it needs, besides pdfinfo and pdftotext (poppler-utils).

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { Results, base, launch, mailsNewestFirst, rules, tooWide, violations } from './browser.mjs'

const results = new Results()
const folder = mkdtempSync(join(tmpdir(), 'kring-official-'))

/* ---- Who reads ---- */

const desk = { width: 1280, height: 1024 }
// What 1280 × 1024 is at 400 % (WCAG 1.4.10): 320 × 256 CSS pixels, each four by four.
const zoomed = { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }

const readers = [
  { name: 'nl, light', lang: 'nl', locale: 'nl-NL', colorScheme: 'light', viewport: desk },
  { name: 'nl, dark, 400 %', lang: 'nl', locale: 'nl-NL', colorScheme: 'dark', ...zoomed },
  { name: 'en, dark', lang: 'en', locale: 'en-GB', colorScheme: 'dark', viewport: desk },
  { name: 'en, light, narrow', lang: 'en', locale: 'en-GB', colorScheme: 'light', viewport: { width: 320, height: 640 } },
  { name: 'nl, forced colours', lang: 'nl', locale: 'nl-NL', forcedColors: 'active', viewport: desk },
]

/* ---- The mail ---- */

/** The newest mail in the mailbox that leads to a document which everyone may read: where it is, and that document. */
async function mailAboutADocument() {
  const mails = await mailsNewestFirst()
  for (const mail of mails) {
    const content = await (await fetch(`${base}${mail}/content`)).text()
    for (const path of new Set(content.match(/\/documents\/[0-9a-z]{13}/g) ?? [])) {
      if ((await fetch(base + path)).status === 200) return { mail, path }
    }
  }
  throw new Error(`none of ${mails.length} mails leads to a public document`)
}

/** Opens the mail and clicks on the link to the document. */
async function openFromMail(page, { mail, path }) {
  await page.goto(base + mail)
  const link = page.frameLocator('iframe').locator(`a[href*="${path}"]`).first()
  await Promise.all([page.waitForURL(`**${path}*`), link.click()])
  await page.waitForLoadState('load')
}

/** The first document of a network that fits: where it is, and as lists show it. */
async function documentOf(network, fits) {
  const list = await fetch(`${base}/v1/networks/${network}/documents?limit=100`)
  const document = (await list.json()).items.find(fits)
  if (!document) throw new Error(`${network} has no such document: the demo should have one`)
  return { ...document, path: `/documents/${document.id}` }
}

/** What is downloaded from an address, as a file that a browser opens. */
async function kept(path) {
  const file = join(folder, 'kept.html')
  writeFileSync(file, await (await fetch(base + path)).text())
  return pathToFileURL(file).href
}

/* ---- On a screen ---- */

/** What a reader may set by themselves without losing anything (WCAG 1.4.12). */
const spaceOut = () => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }')
  document.adoptedStyleSheets = [sheet]
}

/** What does not stand under each other in the order in which it is read (WCAG 1.3.2). */
const outOfOrder = () => {
  const seen = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6, main dl.facts, article, footer')]
  const tops = seen.map((element) => [element.getBoundingClientRect().top, element.textContent.trim().slice(0, 40)])
  return tops.flatMap(([top, text], place) => (place > 0 && top < tops[place - 1][0] - 1 ? [`"${text}" stands above what is read before it`] : []))
}

/** A keyboard reaches the content at once, and every table that scrolls. */
async function byKeyboard(page) {
  const found = []
  await page.evaluate(() => (document.activeElement?.blur(), window.scrollTo(0, 0)))
  await page.keyboard.press('Tab')
  const first = await page.evaluate(() => ({ text: document.activeElement.textContent, box: document.activeElement.getBoundingClientRect().toJSON() }))
  if (!/inhoud|content/.test(first.text) || first.box.left < 0) found.push(`the first stop is ${JSON.stringify(first)}, not a link to the content that can be seen`)
  await page.keyboard.press('Enter')
  if ((await page.evaluate(() => document.activeElement.id)) !== 'main') found.push('the link to the content leads elsewhere')
  const closed = await page.evaluate(() => [...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth && one.tabIndex < 0).length)
  if (closed > 0) found.push(`${closed} tables that a keyboard cannot scroll`)
  return found
}

/* ---- To a screen reader ---- */

/** The accessibility tree in the order of reading: each node with its role, its name and how deep in landmarks. */
async function readAloud(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('Accessibility.enable')
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  await session.detach()
  const known = new Map(nodes.map((node) => [node.nodeId, node]))
  const told = []
  const tell = (node) => {
    if (!node.ignored) {
      const level = node.properties?.find((property) => property.name === 'level')?.value.value
      told.push({ role: node.role?.value, name: (node.name?.value ?? '').trim(), level })
    }
    for (const child of node.childIds ?? []) if (known.has(child)) tell(known.get(child))
  }
  tell(nodes.find((node) => !node.parentId))
  return told
}

function wrongAloud(told, expected) {
  const found = []
  const places = (role) => told.flatMap((node, place) => (node.role === role ? [place] : []))
  const landmarks = ['banner', 'main', 'contentinfo']
  for (const role of landmarks) if (places(role).length !== 1) found.push(`${places(role).length} × ${role}`)
  const [banner, main, contentinfo] = landmarks.map((role) => places(role)[0])
  if (!(banner < main && main < contentinfo)) found.push('the landmarks are read in another order')
  const navigations = told.filter((node) => node.role === 'navigation').map((node) => node.name)
  if (navigations.some((name) => !name)) found.push('a navigation without a name')
  if (new Set(navigations).size !== navigations.length) found.push(`navigations of one name: ${navigations.join(', ')}`)
  const headings = told.filter((node) => node.role === 'heading')
  if (headings[0]?.level !== 1 || headings.filter((heading) => heading.level === 1).length !== 1) found.push('the first heading, and no other, is the title')
  for (const [place, heading] of headings.entries()) {
    if (!heading.name) found.push('a heading that says nothing')
    if (place > 0 && heading.level > headings[place - 1].level + 1) found.push(`after a heading of level ${headings[place - 1].level} comes "${heading.name}" of level ${heading.level}`)
  }
  for (const node of told) if (['link', 'button', 'image'].includes(node.role) && !node.name) found.push(`a ${node.role} without a name`)
  // What is told where: the title before who wrote it, that before the text, what may be done with it after the text.
  const text = told.map((node) => (node.role === 'StaticText' || node.role === 'heading' ? node.name : ''))
  let from = 0
  for (const words of expected) {
    const place = text.findIndex((one, place) => place >= from && one.includes(words))
    if (place < 0) found.push(`"${words}" is not read where it belongs`)
    else from = place
  }
  return found
}

/* ---- On paper ---- */

const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', maxBuffer: 64 << 20 })
const bare = (text) => text.normalize('NFC').replace(/[\s\u00ad\u2010]+/g, '')

// 18 mm at the sides, 20 mm below, in points.
const side = 51
const foot = 56

// A title on paper is 1.7 × 10.5 points; a line of it is higher than its letters.
const title = 19.5

/** Prints the open page as Chromium does, and says what is wrong on paper. `must` and `never` are words on it. */
async function wrongOnPaper(page, name, must, never) {
  const file = join(folder, `${name.replace(/\W+/g, '-')}.pdf`)
  await page.pdf({ path: file, preferCSSPageSize: true, tagged: true, outline: true })
  const found = []
  const facts = run('pdfinfo', file)
  if (!/Page size:.*\(A4\)/.test(facts)) found.push(`not A4: ${facts.match(/Page size:.*/)}`)
  if (!/Tagged:\s+yes/.test(facts)) found.push('a screen reader gets no structure from it')
  const pages = Number(facts.match(/Pages:\s+(\d+)/)[1])
  const [, width, height] = facts.match(/Page size:\s+([\d.]+) x ([\d.]+)/).map(Number)
  const words = [...run('pdftotext', '-bbox', file, '-').matchAll(/<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<\/word>/g)]
  for (const [, left, , right, , word] of words) {
    if (left < side - 2 || right > width - side + 2) found.push(`"${word}" stands from ${left} to ${right} of ${width}, beyond the margin`)
  }
  // What is too wide Chromium makes smaller, with all the rest.
  const tallest = Math.max(...words.map(([, , top, , bottom]) => bottom - top))
  if (tallest < title) found.push(`printed too small: the title is ${tallest} points high, not ${title}`)
  // Without the number of the page, which stands between what goes on across two.
  const text = bare(run('pdftotext', '-raw', '-x', '0', '-y', '0', '-W', `${Math.ceil(width)}`, '-H', `${Math.floor(height - foot)}`, file, '-'))
  await page.emulateMedia({ media: 'print' })
  const shown = await page.evaluate(() => {
    const parts = 'main h1, main h2, main h3, main h4, main h5, main h6, main p, main li, main td, main th, main dt, main dd'
    const whole = [...document.querySelectorAll(parts)].filter((element) => !element.querySelector('p, li, ul, ol, table, dl') && element.checkVisibility())
    return {
      parts: whole.map((element) => element.innerText),
      headings: [...document.querySelectorAll('main h1, main h2, main h3, main h4')].map((element) => element.innerText),
    }
  })
  await page.emulateMedia({ media: null })
  // An address stands behind its link: what is before and after it is looked for by itself.
  for (const part of shown.parts) {
    const lost = part.split(/\n/).map(bare).find((line) => line && !text.includes(line) && !inPieces(text, line))
    if (lost) found.push(`not on paper: ${part.slice(0, 80)}`)
  }
  for (const words of must) if (!text.includes(bare(words))) found.push(`"${words}" is not on it`)
  for (const words of never) if (text.includes(bare(words))) found.push(`"${words}" leads nowhere on paper`)
  const headings = new Set(shown.headings.map(bare))
  for (let number = 1; number <= pages; number += 1) {
    const lines = run('pdftotext', '-layout', '-f', `${number}`, '-l', `${number}`, '-x', '0', '-y', '0', '-W', `${Math.ceil(width)}`, '-H', `${Math.floor(height - foot)}`, file, '-').split('\n')
    const last = bare(lines.filter((line) => line.trim()).at(-1) ?? '')
    if (headings.has(last)) found.push(`page ${number} ends with the heading "${last}"`)
  }
  return found.slice(0, 12)
}

/** Is a line there, with something in brackets between its parts? */
function inPieces(text, line) {
  const from = text.indexOf(line.slice(0, 12))
  if (from < 0) return false
  let place = from
  for (const letter of line) {
    if (text[place] === '(' && letter !== '(') place = text.indexOf(')', place) + 1
    if (text[place] !== letter) return false
    place += 1
  }
  return true
}

/* ---- The story ---- */

const words = {
  nl: { facts: ['Geschreven door', 'Eerste versie', 'Laatst veranderd'], about: ['Over dit document', 'Licentie', 'Adres'], outline: 'In dit document', source: 'De bron zoals die nu is', all: 'Alle netwerken', other: 'English' },
  en: { facts: ['Written by', 'First version', 'Last changed'], about: ['About this document', 'Licence', 'Address'], outline: 'In this document', source: 'The source as it is now', all: 'All networks', other: 'Nederlands' },
}

/** What is wrong on another page. `must` is told below its heading, on a screen and on paper; `never` is not on paper. */
async function readsAsWell(page, name, path, must, never) {
  await page.goto(base + path)
  const heading = await page.locator('h1').innerText()
  const found = [...(await violations(page, rules)), ...(await page.evaluate(tooWide)), ...wrongAloud(await readAloud(page), [heading, ...must])]
  found.push(...(await wrongOnPaper(page, `${name} ${path}`, [heading, ...must], never)))
  await page.evaluate(spaceOut)
  return [...found, ...(await page.evaluate(tooWide))]
}

async function read(browser, reader, mail, { plan, adopted, imported }) {
  const { name, lang, ...settings } = reader
  const context = await browser.newContext(settings)
  const page = await context.newPage()
  const complaints = []
  page.on('console', (message) => /error|warning/.test(message.type()) && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  const told = (what) => `${what}  [${name}]`
  try {
    await openFromMail(page, mail)
    const title = await page.locator('h1').innerText()
    const said = words[lang]
    await results.check(told(`the mail leads to "${title}"`), async () => {
      const root = await page.evaluate(() => document.documentElement.lang)
      const written = await page.evaluate(() => document.querySelector('article').closest('[lang]').lang)
      const found = []
      if (root !== lang) found.push(`the page says it is in ${root}`)
      if (!written.startsWith('nl')) found.push(`the Dutch text says it is in ${written}`)
      const data = await page.evaluate(() => document.querySelector('script[type="application/ld+json"]')?.textContent)
      // A link with a word of its own is for one reader: nothing is said to others there.
      if (data && !page.url().includes('key=')) JSON.parse(data)
      return found
    })
    await results.check(told('axe-core finds nothing'), () => violations(page, rules))
    await results.check(told('nothing is wider than the window'), () => page.evaluate(tooWide))
    await results.check(told('it is read in the order in which it stands'), () => page.evaluate(outOfOrder))
    await results.check(told('it is read aloud in the right order'), async () => {
      const first = await page.locator('article h2, article p').first().innerText()
      return wrongAloud(await readAloud(page), [title, ...said.facts, first.slice(0, 40), ...said.about])
    })
    await results.check(told('it works by keyboard'), () => byKeyboard(page))
    await results.check(told('it prints on A4'), () => {
      const printed = [title, ...said.facts, ...said.about, 'CC BY 4.0', 'creativecommons.org', new URL(page.url()).pathname]
      return wrongOnPaper(page, name, printed, [said.outline, said.all, said.other])
    })
    await page.evaluate(spaceOut)
    await results.check(told('with more space between everything nothing is lost'), () => page.evaluate(tooWide))
    await results.check(told('the browser has nothing to complain about'), async () => complaints)

    // Sent on, without the word that was in the mail.
    const address = base + new URL(page.url()).pathname
    await results.check(told('the address by itself is the page, for search engines too'), async () => {
      const answer = await page.goto(address)
      const found = answer.status() === 200 ? [] : [`answers ${answer.status()}`]
      const data = JSON.parse(await page.locator('script[type="application/ld+json"]').textContent())
      if (data.headline !== title || !data.author.length) found.push(`says of itself: ${JSON.stringify(data)}`)
      return [...found, ...(await violations(page, rules))]
    })
    const pages = [await page.locator('main .lead a').getAttribute('href'), '/municipalities', '/municipalities/GM0344', plan.path, imported.path]
    for (const path of pages) await results.check(told(`${path} reads as well`), () => readsAsWell(page, name, path, [], [said.all]))
    // Whom it comes from is told before its text, and stays with it on paper.
    const { path, lineage } = adopted
    await results.check(told(`${path}, which was adopted, reads as well and says from whom`), () => readsAsWell(page, name, path, [lineage.attribution], [said.all, said.source]))
    await results.check(told('the plan as a file of its own reads as well'), async () => {
      await page.goto(await kept(`/v1${plan.path}/export?format=html`))
      const heading = await page.locator('h1').innerText()
      const found = [...(await page.evaluate(tooWide)), ...(await page.evaluate(outOfOrder)), ...(await violations(page, rules))]
      found.push(...(await wrongOnPaper(page, `${name} exported`, [heading, 'CC BY 4.0', 'creativecommons.org', plan.path], [])))
      await page.evaluate(spaceOut)
      return [...found, ...(await page.evaluate(tooWide))]
    })
  } finally {
    await context.close()
  }
}

const browser = await launch()
try {
  const mail = await mailAboutADocument()
  const documents = {
    // With tables of many columns.
    plan: await documentOf('openbaar-vervoer', (document) => document.kind === 'plan'),
    adopted: await documentOf('lokale-inclusie-agenda', (document) => document.lineage),
    imported: await documentOf('spelen-sport-vrije-tijd', (document) => /^Schouw/.test(document.title)),
  }
  for (const reader of readers) await read(browser, reader, mail, documents)
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
results.end('official')
