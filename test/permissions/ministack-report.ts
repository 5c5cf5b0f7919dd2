import { writeFile } from 'node:fs/promises'
import { tryTemplates } from './ministack-run.ts'
import { renderTried } from './ministack-table.ts'

/** Writes `docs/templates.md` from a run of all variants. */
const { tried, trouble } = await tryTemplates(console.log)
await writeFile(new URL('../../docs/templates.md', import.meta.url), renderTried(tried))
for (const line of trouble) {
  console.error(line)
  process.exitCode = 1
}
