import { installPython } from './python.ts'

const home = new URL('../.slipway/emulators', import.meta.url).pathname

/** Emulators of AWS that the contract suite asks besides the local cloud. */
const packages = ['ministack[full]==1.5.33', 'moto[server]==5.2.5']

/** Installs them into this clone, unless they are there already, and resolves to the folder of their programs. */
export const installEmulators = (say: (line: string) => void): Promise<string> => installPython(home, packages, say)

if (import.meta.main) console.log(await installEmulators(console.log))
