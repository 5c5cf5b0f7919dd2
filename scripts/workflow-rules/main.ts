import { globSync, readFileSync } from 'node:fs'
import { identity } from '../../lib/delivery/identity.ts'
import { examples } from './examples.ts'
import { gitHubProblems } from './github-parser.ts'
import { actionlint, hostShellcheck, shellcheck, zizmor } from './linters.ts'
import { judge } from './rule.ts'
import { rules } from './rules.ts'
import { roleUses } from './trust.ts'
import { trustFindings } from './trust-findings.ts'
import { readWorld } from './world.ts'

/** Everything that is known to check workflows, and the scripts that they bring to hosts, one after another; red when any of it finds anything. */
const checks: Record<string, () => string[] | Promise<string[]>> = {
  'own rules': () =>
    judge(rules, readWorld('.')).map(
      ({ rule, file, line, message }) => `.github/workflows/${file}:${line}: ${message} [${rule}]`,
    ),
  'trust-matches-workflow': () => {
    const { workflows, configuration } = readWorld('.')
    return trustFindings(roleUses(workflows, configuration), identity(configuration).roles, configuration)
  },
  "GitHub's parser": async () => {
    const paths = globSync(['.github/workflows/*.yml', 'actions/*/action.yml']).toSorted()
    const files = [...paths.map((path) => ({ path, text: readFileSync(path, 'utf8') })), ...examples()]
    return (await Promise.all(files.map(({ path, text }) => gitHubProblems(path, text)))).flat()
  },
  actionlint: () => actionlint('.', console.error),
  zizmor: () => zizmor('.', console.error),
  shellcheck: () => shellcheck('.', console.error),
  'shellcheck of the program on hosts': () => hostShellcheck('.', console.error),
}

/** A check that cannot be made, as where a linter cannot be installed, is a finding; the others are made nevertheless. */
const findingsOf = async (check: () => string[] | Promise<string[]>): Promise<string[]> => {
  try {
    return await check()
  } catch (error) {
    return [`not checked: ${(error as Error).message}`]
  }
}

for (const [name, check] of Object.entries(checks)) {
  const findings = await findingsOf(check)
  console.log(`${name}: ${findings.length === 0 ? 'nothing found' : `${findings.length} found`}`)
  for (const finding of findings) console.log(`  ${finding}`)
  if (findings.length > 0) process.exitCode = 1
}
