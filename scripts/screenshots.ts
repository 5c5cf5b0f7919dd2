import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { costYear } from '../local/aws/cost-year.ts'
import { account, budget, startBudgetWorld, today } from '../test/budget-world.ts'

/**
 * Makes the pictures in the README of budget-report from a report on the local cloud: the message as the local Slack shows it,
 * and the job summary as GitHub draws it. Needs Chromium (Debian: apt-get install chromium fonts-noto-color-emoji) on PATH.
 */
const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const folder = join(root, '.slipway/screenshots')
const pictures = join(root, 'docs/pictures')
mkdirSync(folder, { recursive: true })
mkdirSync(pictures, { recursive: true })

/** What GitHub draws a summary with; nothing of the product needs it, so that it is not among its packages. */
await run('npm', ['install', '--no-audit', '--no-fund', '--no-save', '--prefix', folder, 'marked@16.4.2', 'mermaid@11.12.2'])

const picture = async (name: string, address: string, height: number): Promise<void> => {
  const options = ['--headless', '--no-sandbox', '--hide-scrollbars', '--virtual-time-budget=5000', `--window-size=740,${height}`]
  await run('chromium', [...options, `--screenshot=${join(pictures, `${name}.png`)}`, address], { timeout: 120_000 })
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:680px;margin:1em auto}table{border-collapse:collapse;margin:.8em 0}
td,th{border:1px solid #d0d7de;padding:.3em .8em}`

const { marked } = await import(join(folder, 'node_modules/marked/lib/marked.esm.js'))
const spent = costYear(today())
  .filter(({ day }) => day >= `${today().slice(0, 8)}01`)
  .reduce((total, { amount }) => total + Number(amount), 0)
const CalculatedSpend = {
  ActualSpend: { Amount: spent.toFixed(10), Unit: 'USD' },
  ForecastedSpend: { Amount: '1204.50', Unit: 'USD' },
}
const world = await startBudgetWorld({ budgets: { [account]: { budgets: [budget({ CalculatedSpend })] } } })
try {
  const { summary } = await world.report()
  await picture('slack-message', world.slack.url, 1230)
  const body = (await marked.parse(summary)).replaceAll(
    /<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g,
    '<pre class="mermaid">$1</pre>',
  )
  const mermaid = readFileSync(join(folder, 'node_modules/mermaid/dist/mermaid.min.js'), 'utf8')
  const page = join(folder, 'summary.html')
  writeFileSync(page, `<!doctype html><meta charset="utf-8"><style>${style}</style>${body}<script>${mermaid}</script>`)
  await picture('job-summary', `file://${page}`, 1780)
} finally {
  await world.close()
}
