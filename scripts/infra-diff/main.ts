import { writeFileSync } from 'node:fs'
import { readStacks } from './assembly.ts'
import { cdkDiff } from './cdk.ts'
import { differences } from './differences.ts'

// node scripts/infra-diff/main.ts BEFORE AFTER [REPORT]: compares two cloud assemblies, and writes what it has found to a file.
const [before, after, file] = process.argv.slice(2)
if (before === undefined || after === undefined)
  throw new Error('usage: node scripts/infra-diff/main.ts BEFORE AFTER [REPORT], two folders and a file')

const [old, now] = [readStacks(before), readStacks(after)]
const report = await differences(old, now, async (name) => {
  const diff = await cdkDiff(after, name, old.get(name)?.file)
  console.log(`${diff.text}\n`)
  return diff
})
for (const line of report.broadening) console.log(`allows more: ${line}`)
for (const line of report.destructive) console.log(`deletes or replaces: ${line}`)
for (const place of report.administrators) console.log(`deployed by a person: npm run account -- --environment ${place} --yes`)
if (report.stacks.length === 0) console.log('no stack has changed')
// On one line: JSON has no line break of its own, so that nothing in a template can begin another output of the job.
if (file !== undefined) writeFileSync(file, JSON.stringify(report))
