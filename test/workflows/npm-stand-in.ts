import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/**
 * An `npm` for PATH that needs no network: `npm ci` takes what is installed here, from the same lock file, `npm run synth` starts the
 * CDK app itself, as `cdk synth` does, and `npm run diff:infra` its script. The node that they start is not the one in which act gives
 * jobs their identity.
 */
export const npmStandIn = (folder: string): string => {
  mkdirSync(folder, { recursive: true })
  const script = `#!/bin/sh
set -e
case "$*" in
  ci) ln -sfn '${root}/node_modules' node_modules ;;
  'run synth')
    mkdir -p build
    CDK_OUTDIR=build/cdk.out CDK_CONTEXT_JSON="$('${process.execPath}' -p 'JSON.stringify(require("./cdk.json").context)')" \\
      '${process.execPath}' infra/app.ts
    ;;
  'run --silent diff:infra -- '*)
    shift 4
    '${process.execPath}' scripts/infra-diff/main.ts "$@"
    ;;
  *) echo "this npm does not know: $*" >&2; exit 1 ;;
esac
`
  writeFileSync(join(folder, 'npm'), script)
  chmodSync(join(folder, 'npm'), 0o755)
  return folder
}
