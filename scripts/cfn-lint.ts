import { join } from 'node:path'
import { installPython } from './python.ts'

const home = new URL('../.slipway/cfn-lint', import.meta.url).pathname

/** A second opinion on templates, installed into this clone unless it is there already; resolves to the program. */
export const installCfnLint = async (say: (line: string) => void): Promise<string> =>
  join(await installPython(home, ['cfn-lint==1.58.0'], say), 'cfn-lint')

if (import.meta.main) console.log(await installCfnLint(console.log))
