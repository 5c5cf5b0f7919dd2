import { writeFile } from 'node:fs/promises'
import { differences } from './differences.ts'
import { rules } from './rules.ts'
import { askAll } from './suite.ts'
import { render } from './table.ts'
import { unexplained } from './unexplained.ts'

/** Writes `docs/contract.md` from a run of all rules; fails, and says why, while a difference is not explained. */
const columns = await askAll(console.log)
await writeFile(new URL('../../docs/contract.md', import.meta.url), render(rules, columns, differences))
for (const line of unexplained(columns)) {
  console.error(line)
  process.exitCode = 1
}
