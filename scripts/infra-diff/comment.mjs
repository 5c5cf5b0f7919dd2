// Runs in the job that may write comments, from the base of the pull request, with the Node that the runner has: nothing of the
// pull request is run here and nothing is installed. The report comes from a job that ran the pull request: it is data.
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

/** @param {string} title @param {string[]} lines @param {string} label @param {boolean} hasLabel */
const section = (title, lines, label, hasLabel) =>
  lines.length === 0
    ? ''
    : `\n**${title}** (${hasLabel ? `accepted by the label \`${label}\`` : `needs the label \`${label}\``})\n\n${fence(lines)}\n`

const read = () => {
  const given = JSON.parse(REPORT)
  if (![given?.stacks, given?.broadening, given?.destructive].every(Array.isArray)) throw new Error('the report is none')
  return {
    stacks: given.stacks.map((/** @type {{ name?: unknown, kind?: unknown }} */ { name, kind }) => `${kind}: ${name}`),
    broadening: texts(given.broadening),
    destructive: texts(given.destructive),
    diff: typeof given.diff === 'string' ? given.diff : '',
  }
}

/** @param {ReturnType<typeof read>} report @param {string[]} labels */
const bodyOf = ({ stacks, broadening, destructive, diff }, labels) => {
  if (stacks.length === 0) return `${MARKER}\n### Infrastructure\n\nNo template changes.\n`
  const head = [
    `${MARKER}\n### Infrastructure\n\n${stacks.length === 1 ? 'One template changes' : `${stacks.length} templates change`}, compared with the base branch; AWS was not asked.\n`,
    section('Allows more', broadening, LABELS.broadening, labels.includes(LABELS.broadening)),
    section('Deletes or replaces', destructive, LABELS.destructive, labels.includes(LABELS.destructive)),
    `\n${fence(stacks)}\n`,
  ].join('')
  const room = Math.max(0, MOST - head.length - 200)
  const shown = diff.length > room ? `${diff.slice(0, room)}\n… cut here; the whole is in the log` : diff
  return `${head}\n<details><summary>Diff</summary>\n\n${fence([shown])}\n\n</details>\n`.slice(0, MOST + 1_000)
}

/** One comment, changed in place. @param {string} body @param {boolean} isNews */
const post = async (body, isNews) => {
  const comments = await listed(`issues/${NUMBER}/comments`)
  const ours = comments.find(({ body: text, user }) => user?.type === 'Bot' && String(text).startsWith(MARKER))
  if (ours === undefined && !isNews) return
  if (ours === undefined) await request('POST', `issues/${NUMBER}/comments`, { body })
  else if (ours.body !== body) await request('PATCH', `issues/comments/${ours.id}`, { body })
}

if (!/^\d+$/.test(NUMBER)) throw new Error(`NUMBER must be the number of a pull request, got '${NUMBER}'`)
const report = read()
const labels = (await listed(`issues/${NUMBER}/labels`)).map(({ name }) => String(name))
await post(bodyOf(report, labels), report.stacks.length > 0).catch((error) => {
  // The token of a pull request from a fork only reads.
  if (error.status !== 403) throw error
  console.log(`::notice::no comment was written: ${error.message}`)
})
for (const [finding, label] of Object.entries(LABELS)) {
  const lines = finding === 'broadening' ? report.broadening : report.destructive
  if (lines.length === 0 || labels.includes(label)) continue
  const what = finding === 'broadening' ? 'allows more than the base branch' : 'deletes or replaces what is there'
  console.log(`::error::infrastructure ${what}; who has looked at it adds the label ${label} and runs this job again`)
  process.exitCode = 1
}
