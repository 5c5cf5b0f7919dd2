import { judge } from './rule.ts'
import { rules } from './rules.ts'
import { readWorld } from './world.ts'

const findings = judge(rules, readWorld(process.argv[2] ?? '.'))
for (const { rule, file, line, message } of findings) console.log(`.github/workflows/${file}:${line}: ${message} [${rule}]`)
if (findings.length > 0) process.exitCode = 1
