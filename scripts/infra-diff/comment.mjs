// Runs in the job that may write comments, from the base of the pull request, with the Node that the runner has: nothing of the
// pull request is run here and nothing is installed. The report comes from a job that ran the pull request: it is data.
import { createHash } from 'node:crypto'

const { REPORT = '', NUMBER = '', GITHUB_API_URL = '', GITHUB_REPOSITORY = '', GITHUB_TOKEN = '' } = process.env

const MARKER = '<!-- slipway: infrastructure -->'
const LABELS = { broadening: 'infra:broadening', destructive: 'infra:destructive' }
/** GitHub takes 65,536 characters. */
const MOST = 64_000

/** @param {string} method @param {string} path @param {object} [body] */
const request = async (method, path, body) => {
  const answer = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/${path}`, {
    method,
    headers: { authorization: `Bearer ${GITHUB_TOKEN}`, accept: 'application/vnd.github+json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  if (answer.ok) return answer.status === 204 ? undefined : answer.json()
  const error = new Error(`${method} ${path}: ${answer.status} ${(await answer.text()).slice(0, 300)}`)
  throw Object.assign(error, { status: answer.status })
}

/** @param {string} path */
const listed = async (path) => {
  const all = []
  for (let page = 1; ; page++) {
    const entries = await request('GET', `${path}?per_page=100&page=${page}`)
    all.push(...entries)
    if (entries.length < 100) return all
  }
}

/** @param {unknown} value @returns {string[]} */
const texts = (value) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [])

/** Whatever the report holds, it cannot leave its fence. @param {string[]} lines */
const fence = (lines) => {
  const text = lines.join('\n').replaceAll(/[^\P{Cc}\n\t]|\p{Cf}/gu, '')
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const ticks = '`'.repeat(longest + 1)
  return `${ticks}text\n${text}\n${ticks}`
}

const TITLES = { broadening: 'Allows more', destructive: 'Deletes or replaces' }
/** @typedef {keyof typeof TITLES} Kind */
const KINDS = /** @type {Kind[]} */ (Object.keys(TITLES))

/** What a label stands for: these findings, and no others. @param {ReturnType<typeof read>} report @param {Kind} kind */
const digestOf = (report, kind) =>
  createHash('sha256')
    .update(JSON.stringify([kind, report[kind], report.digests[kind]]))
    .digest('hex')
    .slice(0, 32)

/** Our comment keeps what it has shown. @param {Record<Kind, string>} digests */
const shownLine = (digests) => `<!-- shown: ${KINDS.map((kind) => `${kind}=${digests[kind]}`).join(' ')} -->`

/** @param {string} body @param {Kind} kind */
const shownIn = (body, kind) => new RegExp(`^<!-- shown: .*${kind}=([0-9a-f]{32})`, 'm').exec(body.slice(0, 300))?.[1]

/** @param {Kind} kind @param {string[]} lines @param {boolean} isAccepted */
const section = (kind, lines, isAccepted) =>
  lines.length === 0
    ? ''
    : `\n**${TITLES[kind]}** (${isAccepted ? 'accepted by' : 'needs'} the label \`${LABELS[kind]}\`)\n\n${fence(lines)}\n`

const read = () => {
  const given = JSON.parse(REPORT)
  if (![given?.stacks, given?.broadening, given?.destructive].every(Array.isArray)) throw new Error('the report is none')
  return {
    stacks: given.stacks.map((/** @type {{ name?: unknown, kind?: unknown }} */ { name, kind }) => `${kind}: ${name}`),
    broadening: texts(given.broadening),
    destructive: texts(given.destructive),
    administrators: texts(given.administrators).filter((place) => /^[a-z0-9-]{1,50}$/.test(place)),
    /** Of the whole lists, which are cut. */
    digests: { broadening: String(given.digests?.broadening), destructive: String(given.digests?.destructive) },
    diff: typeof given.diff === 'string' ? given.diff : '',
  }
}

/** @param {string[]} places */
const byHand = (places) =>
  places.length === 0
    ? ''
    : `\n**Deployed by a person, not by the pipeline**: before the merge, with credentials of its account\n\n${fence(places.map((place) => `npm run account -- --environment ${place} --yes`))}\n`

/** @param {ReturnType<typeof read>} report @param {Record<Kind, string>} digests @param {Kind[]} accepted */
const bodyOf = ({ stacks, broadening, destructive, administrators, diff }, digests, accepted) => {
  const start = `${MARKER}\n${shownLine(digests)}\n### Infrastructure`
  if (stacks.length === 0) return `${start}\n\nNo stack changes.\n`
  const head = [
    `${start}\n\n${stacks.length === 1 ? 'One stack changes' : `${stacks.length} stacks change`}, compared with the base branch; AWS was not asked.\n`,
    section('broadening', broadening, accepted.includes('broadening')),
    section('destructive', destructive, accepted.includes('destructive')),
    byHand(administrators),
    `\n${fence(stacks)}\n`,
  ].join('')
  const room = Math.max(0, MOST - head.length - 200)
  const shown = diff.length > room ? `${diff.slice(0, room)}\n… cut here; the whole is in the log` : diff
  return `${head}\n<details><summary>Diff</summary>\n\n${fence([shown])}\n\n</details>\n`.slice(0, MOST + 1_000)
}

const ourComment = async () => {
  const comments = await listed(`issues/${NUMBER}/comments`)
  return comments.find(({ body, user }) => user?.type === 'Bot' && String(body).startsWith(MARKER))
}

/** One comment, changed in place. @param {{ id: number, body: string } | undefined} ours @param {string} body */
const post = async (ours, body) => {
  if (ours === undefined) await request('POST', `issues/${NUMBER}/comments`, { body })
  else if (ours.body !== body) await request('PATCH', `issues/comments/${ours.id}`, { body })
}

/** The token of a pull request from a fork only reads. @param {Promise<unknown>} write @param {string} what */
const ifAllowed = (write, what) =>
  write.catch((error) => {
    if (error.status !== 403) throw error
    console.log(`::notice::${what}: ${error.message}`)
  })

if (!/^\d+$/.test(NUMBER)) throw new Error(`NUMBER must be the number of a pull request, got '${NUMBER}'`)
const report = read()
const [labels, ours] = [(await listed(`issues/${NUMBER}/labels`)).map(({ name }) => String(name)), await ourComment()]
const digests = { broadening: digestOf(report, 'broadening'), destructive: digestOf(report, 'destructive') }
// A label was set for what the comment showed then. Where that is something else by now, it goes, and is to be set again.
const isShown = (/** @type {Kind} */ kind) => shownIn(String(ours?.body), kind) === digests[kind]
const accepted = KINDS.filter((kind) => labels.includes(LABELS[kind]) && isShown(kind))
for (const kind of KINDS) {
  if (!labels.includes(LABELS[kind]) || isShown(kind)) continue
  const path = `issues/${NUMBER}/labels/${encodeURIComponent(LABELS[kind])}`
  await ifAllowed(request('DELETE', path), `the label ${LABELS[kind]} counts no more, and stays`)
  console.log(`::notice::the label ${LABELS[kind]} was set for something else and counts no more`)
}
if (ours !== undefined || report.stacks.length > 0)
  await ifAllowed(post(ours, bodyOf(report, digests, accepted)), 'no comment was written')
for (const kind of KINDS) {
  if (report[kind].length === 0 || accepted.includes(kind)) continue
  const what = kind === 'broadening' ? 'allows more than the base branch' : 'deletes or replaces what is there'
  console.log(
    `::error::infrastructure ${what}; who has looked at the comment adds the label ${LABELS[kind]} and runs this job again`,
  )
  process.exitCode = 1
}
