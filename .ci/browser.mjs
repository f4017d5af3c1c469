// What the steps that read Kring's pages in headless Chromium share: the browser, axe-core, the mailbox,
// and how results are told.
//
// TOOLS names the folder whose node_modules has playwright-core and axe-core; CHROMIUM the browser.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

export const base = (process.argv[2] ?? '').replace(/\/$/, '')
if (!base) throw new Error(`usage: node ${process.argv[1]} BASE_URL`)

const require = createRequire(join(process.env.TOOLS ?? process.cwd(), 'package.json'))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

export const mailRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
export const rules = [...mailRules, 'best-practice'] // of pages: mails have no landmarks

export function launch() {
  return chromium.launch({
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
}

/** The addresses of the mails in the built-in mailbox. */
export async function mailsNewestFirst() {
  const list = await (await fetch(`${base}/dev/mail`)).text()
  const mails = [...new Set(list.match(/\/dev\/mail\/[0-9a-z]{13}/g) ?? [])]
  if (mails.length === 0) throw new Error('/dev/mail has no mails')
  return mails
}

/** What axe finds on an open page and in its frames, as lines; none is good. */
export async function violations(page, tags) {
  // Evaluated, not added as a script tag: the pages' own Content-Security-Policy stays in force. Frames may forbid it.
  for (const frame of page.frames()) await frame.evaluate(axe).catch(() => {})
  const { violations } = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }),
    tags,
  )
  return violations.flatMap(({ id, impact, help, nodes }) => [
    `${id} (${impact}): ${help}`,
    ...nodes.slice(0, 5).map((node) => `    ${node.target.join(' ')}   ${node.html.replace(/\s+/g, ' ').slice(0, 160)}`),
  ])
}

/** What is wider than the window and does not scroll by itself, as a data table may (WCAG 1.4.10). Runs in a page. */
export const tooWide = () => {
  const width = document.documentElement.clientWidth
  const found = []
  if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} wide, the window ${width}`)
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('.scroll')?.contains(element) && !element.matches('.scroll')) continue
    const box = element.getBoundingClientRect()
    if (box.width > 0 && (box.right > width + 1 || (box.left < -1 && !element.matches('.skip')))) {
      found.push(`${element.localName}.${element.className} reaches from ${Math.round(box.left)} to ${Math.round(box.right)} of ${width}: ${element.textContent.trim().slice(0, 60)}`)
    }
    const style = getComputedStyle(element)
    const cut = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1
    if (/hidden|clip/.test(style.overflow + style.overflowX + style.overflowY) && cut) {
      found.push(`${element.localName}.${element.className} cuts off what it holds`)
    }
  }
  // Where a table is squeezed instead, its words fall apart.
  for (const cell of document.querySelectorAll('th, td')) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      for (const { index, 0: word } of texts.currentNode.data.matchAll(/[\p{L}\p{N}]+/gu)) {
        const range = document.createRange()
        range.setStart(texts.currentNode, index)
        range.setEnd(texts.currentNode, index + word.length)
        if (range.getClientRects().length > 1) found.push(`"${word}" is broken in a table`)
      }
    }
  }
  return found.slice(0, 10)
}

/** Tells what was looked at and what was wrong, and remembers how it went. */
export class Results {
  passed = 0
  failed = 0

  tell(label, found) {
    if (found.length === 0) this.passed += 1
    else this.failed += 1
    console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${label}`)
    for (const line of found) console.log(`       ${line}`)
  }

  /** Runs a check that gives lines of what is wrong; that it breaks is wrong too. */
  async check(label, look) {
    let found
    try {
      found = await look()
    } catch (error) {
      found = [String(error.stack ?? error)]
    }
    this.tell(label, found)
  }

  end(name) {
    console.log(`${name}: ${this.passed} passed, ${this.failed} failed`)
    process.exitCode = this.failed === 0 && this.passed > 0 ? 0 : 1
  }
}
