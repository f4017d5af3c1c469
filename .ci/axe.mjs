// Opens Kring's HTML pages in headless Chromium and lets axe-core look at them. Any violation fails.
//
//   node .ci/axe.mjs http://127.0.0.1:8080
//
// TOOLS names the folder whose node_modules has playwright-core and axe-core; CHROMIUM the browser.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const base = (process.argv[2] ?? '').replace(/\/$/, '')
if (!base) throw new Error('usage: node .ci/axe.mjs BASE_URL')

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
  '/dev/mail',
  linkOn('/dev/mail', 'a[href^="/dev/mail/"]'),
  inNewestMail('content'),
  inNewestMail('text'),
  // What the links in a digest lead to.
  inNewestMail('text', /\/digests\/[\w-]{32,}/),
  inNewestMail('text', /\/(?:threads|documents)\/[0-9a-z]{13}\?key=[\w-]{32,}/),
  inNewestMail('text', /\/digest-preferences\/[\w-]{32,}/),
  inNewestMail('text', /\/unsubscribe\/[\w-]{32,}/),
  // What other mails lead to, and what is there where the link works no more, or never did.
  '/verify-email',
  '/reset-password',
  `/verify-email/${'a'.repeat(43)}`,
  `/reset-password/${'a'.repeat(43)}`,
  '/threads/0000000000000',
]
const gone = /\/a{43}$|\/0{13}$/

// Each address is read as two people would: between them, both languages, both colour schemes, and a narrow screen.
const readers = [
  { name: 'nl, light', locale: 'nl-NL', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'en, dark, narrow', locale: 'en-GB', colorScheme: 'dark', viewport: { width: 320, height: 640 } },
]

const mailRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const rules = [...mailRules, 'best-practice'] // of pages: mails have no landmarks

/* ---- How ---- */

/** The address made from the first item of a list of the API. */
function firstOf(list, address) {
  return async () => {
    const response = await fetch(base + list, { headers: { accept: 'application/json' } })
    if (!response.ok) throw new Error(`${list} answers ${response.status}`)
    const { items } = await response.json()
    if (!items?.length) throw new Error(`${list} is empty: the demo should fill it`)
    return address(items[0])
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

/** A part of the newest mail in the mailbox, or the first address in it that matches. */
function inNewestMail(part, pattern) {
  return async (context) => {
    const mail = await linkOn('/dev/mail', 'a[href^="/dev/mail/"]')(context)
    if (!pattern) return `${mail}/${part}`
    const text = await (await fetch(`${base}${mail}/${part}`)).text()
    const [found] = text.replaceAll('&amp;', '&').match(pattern) ?? []
    if (!found) throw new Error(`${mail}/${part} has nothing like ${pattern}`)
    return found
  }
}

const require = createRequire(join(process.env.TOOLS ?? process.cwd(), 'package.json'))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on an open page, as lines. */
async function violations(page, tags) {
  const { violations } = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }),
    tags,
  )
  return violations.flatMap(({ id, impact, help, nodes }) => [
    `${id} (${impact}): ${help}`,
    ...nodes.slice(0, 5).map((node) => `    ${node.target.join(' ')}   ${node.html.replace(/\s+/g, ' ').slice(0, 160)}`),
  ])
}

/** What axe finds on one page, as lines; none is good. */
async function look(context, address) {
  const page = await context.newPage()
  try {
    // The HTML of a mail comes sandboxed, where nothing may run, axe neither: it is read as a mail program would.
    if (/^\/dev\/mail\/.*\/content$/.test(address)) {
      await page.setContent(await (await fetch(base + address)).text(), { waitUntil: 'load' })
      await page.evaluate(axe)
      return await violations(page, mailRules)
    }
    const response = await page.goto(base + address, { waitUntil: 'load' })
    const status = response?.status()
    const type = response?.headers()['content-type'] ?? 'no content type'
    const expected = gone.test(address) ? [404, 410] : [200]
    if (!expected.includes(status) || !type.startsWith('text/html')) {
      return [`answers ${status}, ${type}; expected ${expected.join(' or ')}, text/html`]
    }
    // Evaluated, not added as a script tag: the pages' own Content-Security-Policy stays in force.
    for (const frame of page.frames()) await frame.evaluate(axe).catch(() => {})
    return await violations(page, rules)
  } finally {
    await page.close()
  }
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: [
    '--no-sandbox', // CI runs as root in a machine of its own and opens nothing but Kring
    '--disable-gpu',
    '--disable-quic',
    '--disable-dev-shm-usage',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-domain-reliability',
    '--no-first-run',
    '--no-default-browser-check',
  ],
})
let passed = 0
let failed = 0
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
      if (found.length === 0) passed += 1
      else failed += 1
      const label = typeof address === 'string' ? address : 'an address that was not found'
      console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${label}  [${name}]`)
      for (const line of found) console.log(`       ${line}`)
    }
    await context.close()
  }
} finally {
  await browser.close()
}
console.log(`axe: ${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
