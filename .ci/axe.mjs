// Opens Kring's HTML pages in headless Chromium and lets axe-core look at them. Any violation fails.
//
//   node .ci/axe.mjs http://127.0.0.1:8080
//
// .ci/browser.mjs says what it needs, besides unzip; .ci/official.mjs looks closely at the page of a document.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { Results, base, launch, mailRules, mailsNewestFirst, rules, tooWide, violations } from './browser.mjs'

/* ---- What is looked at: add a line. A text is an address; a function finds one. ---- */

const addresses = [
  '/',
  '/networks/openbaar-vervoer',
  firstOf('/v1/networks/openbaar-vervoer/threads', (thread) => `/threads/${thread.id}`),
  firstOf('/v1/networks/openbaar-vervoer/threads', (thread) => `/@${thread.author.handle}`),
  '/?query=halte',
  firstOf('/v1/networks/openbaar-vervoer/documents', (document) => `/documents/${document.id}`),
  firstOf('/v1/networks/openbaar-vervoer/documents', (document) => `/documents/${document.id}/revisions`),
  firstOf('/v1/networks/openbaar-vervoer/documents', (document) => `/documents/${document.id}/revisions/1`),
  // What was adopted, with its credit; and what came in as a file.
  firstOf('/v1/networks/lokale-inclusie-agenda/documents?limit=100', (document) => `/documents/${document.id}`, (document) => document.lineage),
  firstOf('/v1/networks/spelen-sport-vrije-tijd/documents?limit=100', (document) => `/documents/${document.id}`, (document) => /^Schouw/.test(document.title)),
  '/municipalities',
  '/municipalities/GM0344',
  '/municipalities/bergen',
  '/dev/mail',
  linkOn('/dev/mail', 'a[href^="/dev/mail/"]'),
  inNewestMail('content'),
  inNewestMail('text'),
  // What the links in a digest lead to.
  inNewestMail('text', /\/digests\/[\w-]{32,}/),
  inNewestMail('text', /\/(?:threads|documents)\/[0-9a-z]{13}\?key=[\w-]{32,}/),
  inNewestMail('text', /\/digest-preferences\/[\w-]{32,}/),
  // What a member by mail may choose besides, with the link from their newest digest.
  inNewestMail('text', /\/digest-preferences\/[\w-]{32,}\?key=[\w-]{32,}/),
  inNewestMail('text', /\/unsubscribe\/[\w-]{32,}/),
  // What an invitation by address leads to, and a member by mail's way to more.
  inNewestMail('text', /\/email-invitations\/[\w-]{32,}/),
  inNewestMail('text', /\/no-invitations\/[\w-]{32,}/),
  inNewestMail('text', /\/digest-preferences\/[\w-]{32,}\/full-membership/),
  // What other mails lead to, and what is there where the link works no more, or never did.
  '/verify-email',
  '/reset-password',
  `/verify-email/${'a'.repeat(43)}`,
  `/reset-password/${'a'.repeat(43)}`,
  '/threads/0000000000000',
  // What is taken along, read as files.
  inArchive('/v1/networks/openbaar-vervoer/archives', 'index.html'),
  inArchive('/v1/networks/openbaar-vervoer/archives', 'documents/*/index.html'),
  inArchive('/v1/networks/openbaar-vervoer/archives', 'threads/*.html'),
  inArchive('/v1/account/exports', 'index.html'),
  inArchive('/v1/account/exports', 'written.html'),
]
const gone = /\/a{43}$|\/0{13}$/

// Each address is read as two people would: between them, both languages, both colour schemes, and a narrow screen.
const readers = [
  { name: 'nl, light', locale: 'nl-NL', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'en, dark, narrow', locale: 'en-GB', colorScheme: 'dark', viewport: { width: 320, height: 640 } },
]

/* ---- How ---- */

/** The address made from the first item of a list of the API, or the first that fits. */
function firstOf(list, address, fits = () => true) {
  return async () => {
    const response = await fetch(base + list, { headers: { accept: 'application/json' } })
    if (!response.ok) throw new Error(`${list} answers ${response.status}`)
    const { items } = await response.json()
    const found = items?.find(fits)
    if (!found) throw new Error(`${list} has no such item: the demo should have one`)
    return address(found)
  }
}

/** The address of the first link on a page that matches. */
function linkOn(page, selector) {
  return async (context) => {
    const tab = await context.newPage()
    try {
      await tab.goto(base + page)
      const link = tab.locator(selector).first()
      if ((await link.count()) === 0) throw new Error(`${page} has no link ${selector}`)
      return await link.getAttribute('href')
    } finally {
      await tab.close()
    }
  }
}

/** A part of the newest mail in the mailbox, or the first address that matches in that part of any mail, newest first. */
function inNewestMail(part, pattern) {
  return async () => {
    const mails = await mailsNewestFirst()
    if (!pattern) return `${mails[0]}/${part}`
    for (const mail of mails) {
      const text = await (await fetch(`${base}${mail}/${part}`)).text()
      const [found] = text.replaceAll('&amp;', '&').match(pattern) ?? []
      if (found) return found
    }
    throw new Error(`none of ${mails.length} mails has anything like ${pattern}`)
  }
}

const archives = new Map()

/** A page of an archive; of several that `*` may stand for, the one with most in it. */
function inArchive(asked, path) {
  return async () => {
    if (!archives.has(asked)) archives.set(asked, await archive(asked, join(folder, `${archives.size}`)))
    const [above, below] = path.split('*')
    const pages = readdirSync(archives.get(asked), { recursive: true }).filter((name) => name.startsWith(above) && name.endsWith(below ?? ''))
    if (pages.length === 0) throw new Error(`the archive has no ${path}`)
    const [largest] = pages.map((name) => join(archives.get(asked), name)).sort((a, b) => statSync(b).size - statSync(a).size)
    return pathToFileURL(largest).href
  }
}

/** Asks for an archive as somebody of the demo, waits for it, and unpacks it in `place`. */
async function archive(asked, place) {
  const ask = async (path, options) => {
    const answer = await fetch(base + path, options)
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`)
    return answer
  }
  const [login, password] = [process.env.DEMO_PERSON ?? 'anna', process.env.DEMO_PASSWORD ?? 'welkom-bij-kring']
  const body = JSON.stringify({ login, password })
  const session = await (await ask('/v1/sessions', { method: 'POST', body, headers: { 'content-type': 'application/json' } })).json()
  const headers = { authorization: `Bearer ${session.accessToken}` }
  let job = await (await ask(asked, { method: 'POST', headers })).json()
  for (let tries = 0; !job.finishedAt && tries < 150; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    job = await (await ask(`/v1/jobs/${job.id}`, { headers })).json()
  }
  if (job.state !== 'done') throw new Error(`${asked}: ${JSON.stringify(job)}`)
  writeFileSync(`${place}.zip`, Buffer.from(await (await ask(job.result.location, { headers })).arrayBuffer()))
  execFileSync('unzip', ['-q', `${place}.zip`, '-d', place])
  return place
}

/** What axe finds on one page, as lines; none is good. */
async function look(context, address) {
  const page = await context.newPage()
  try {
    // The HTML of a mail comes sandboxed, where nothing may run, axe neither: it is read as a mail program would.
    if (/^\/dev\/mail\/.*\/content$/.test(address)) {
      await page.setContent(await (await fetch(base + address)).text(), { waitUntil: 'load' })
      return await violations(page, mailRules)
    }
    if (address.startsWith('file:')) {
      await page.goto(address, { waitUntil: 'load' })
      return [...(await violations(page, rules)), ...(await page.evaluate(tooWide))]
    }
    const response = await page.goto(base + address, { waitUntil: 'load' })
    const status = response?.status()
    const type = response?.headers()['content-type'] ?? 'no content type'
    const expected = gone.test(address) ? [404, 410] : [200]
    if (!expected.includes(status) || !type.startsWith('text/html')) {
      return [`answers ${status}, ${type}; expected ${expected.join(' or ')}, text/html`]
    }
    return await violations(page, rules)
  } finally {
    await page.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'kring-axe-'))
const browser = await launch()
const results = new Results()
try {
  for (const { name, ...reader } of readers) {
    const context = await browser.newContext(reader)
    for (const given of addresses) {
      let address = given
      let found
      try {
        if (typeof given === 'function') address = await given(context)
        found = await look(context, address)
      } catch (error) {
        found = [String(error.message ?? error)]
      }
      const label = typeof address === 'string' ? address : 'an address that was not found'
      results.tell(`${label}  [${name}]`, found)
    }
    await context.close()
  }
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
results.end('axe')
