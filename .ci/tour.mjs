// Takes the README's tour: its commands as they are printed, one after another in one shell, as a newcomer pastes them.
// A command that fails ends it, and so does an answer other than 2xx or 3xx.
//
//   node .ci/tour.mjs README.md http://127.0.0.1:8080 target/debug/kring
//
// In the folder in which the demo was started. Only the address and `cargo run --release -q --` are others than printed.
// A block of `text` right below a block of `sh` says what that prints: `…` is anything in its line, and in a line of its
// own any number of lines. What is never the same (ids, times) and what is not worth printing stands as `…`.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [readme, base, binary] = process.argv.slice(2)
if (!binary) throw new Error(`usage: node ${process.argv[1]} README BASE_URL KRING`)

const printed = 'http://127.0.0.1:8080'
const first = `kring=${printed}`

/** The blocks of the tour: what is typed, and what comes out where the README says so. */
function steps() {
  const found = []
  let part
  let block
  for (const line of readFileSync(readme, 'utf8').split('\n')) {
    if (block && line === '```') block = undefined
    else if (block) block.push(line)
    else if (line.startsWith('## ')) part = line
    else if (line.startsWith('```') && part === '## Ten minutes with curl') {
      block = []
      if (line === '```sh') found.push({ typed: block })
      else if (line === '```text' && found.at(-1) && !found.at(-1).told) found.at(-1).told = block
      else throw new Error(`a block ${line} in the tour belongs to nothing`)
    }
  }
  if (found[0]?.typed[0] !== first) throw new Error(`the tour does not begin with ${first}`)
  found[0].typed[0] = `kring=${base}`
  return found.map(({ typed, told }) => ({
    typed: typed.join('\n'),
    told: told?.map((line) => line.replaceAll(printed, base)),
  }))
}

/* ---- The shell ---- */

/** What ends with a fault says so here, also where a pipe or a substitution keeps it from ending the shell. */
const before = `
set -eu
fault() { echo "$*" >>faults; return 1; }
curl() {
  local status=0
  command curl --fail-with-body "$@" || status=$?
  # 23: who reads (head) has enough.
  case $status in 0 | 23) ;; *) fault "curl ended with $status: $*" ;; esac
}
cargo() {
  [ "\${*:1:4}" = 'run --release -q --' ] || fault "not run here: cargo $*"
  "$KRING" "\${@:5}" || fault "kring ended with $?: \${*:5}"
}
`

/** One block after another, what each prints in a file of its own; `begun` says how far it came. */
function script(folder, blocks) {
  const run = blocks.map(({ typed }, number) => {
    return `echo ${number} >"${folder}/begun"\nexec >"${folder}/${number}" 2>&1\n${typed}\n[ ! -s "${folder}/faults" ]\n`
  })
  return before.replace('>>faults', `>>"${folder}/faults"`) + run.join('')
}

/* ---- What comes out ---- */

/** Does `told`, as the README prints it, say what came out? */
function says(told, out) {
  const anything = (line) => line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^\n]*')
  const lines = told.map((line) => (line.trim() === '…' ? '(?:[^\n]*\n)*?' : `${anything(line.trimEnd())}\\s*\n`))
  return new RegExp(`^\\s*${lines.join('')}\\s*$`).test(`${out.trim()}\n`)
}

const blocks = steps()
const folder = mkdtempSync(join(tmpdir(), 'kring-tour-'))
try {
  writeFileSync(join(folder, 'script'), script(folder, blocks))
  const { status } = spawnSync('bash', [join(folder, 'script')], { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, KRING: binary } })
  const read = (name) => {
    try {
      return readFileSync(join(folder, `${name}`), 'utf8')
    } catch {
      return ''
    }
  }
  const reached = Number(read('begun'))
  let wrong = 0
  for (const [number, { typed, told }] of blocks.entries()) {
    const broke = status !== 0 && number === reached
    if (number > reached) console.log(`     not reached: ${typed.split('\n')[0]}`)
    else if (broke || (told && !says(told, read(number)))) {
      wrong += 1
      console.log(`FAIL ${typed.trim().replaceAll('\n', '\n     ')}`)
      if (broke) console.log(`--- it ended with ${status}. ${read('faults')}`)
      else console.log(`--- the README says that it prints\n${told.join('\n')}`)
      console.log(`--- it printed\n${read(number)}`)
    } else console.log(`ok   ${typed.split('\n')[0]}${told ? '  (and prints what it says)' : ''}`)
  }
  console.log(`tour: ${reached + 1} of ${blocks.length} blocks reached, ${wrong} wrong`)
  process.exitCode = status === 0 && wrong === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
