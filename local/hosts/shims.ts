import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the two programs of a host are to reach in place of AWS. */
export type Shims = {
  /** Absolute path of the real command, and the engine it speaks to. */
  docker: { program: string; host: string }
  /** Labels of every container that the host starts, by which it finds its own and no other's. */
  labels: Record<string, string>
  /** `ACCOUNT.dkr.ecr.REGION.amazonaws.com`, and the loopback registry that stands in for it. */
  registry: { name: string; address: string }
  /** File with the endpoint, see `aws.ts`. */
  identity: string
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * Docker as the host sees it: its own engine, with ECR's names in arguments and answers. Standard error comes at the end, so that
 * a caller who reads it has all of it.
 */
const dockerShim = ({ docker, labels, registry }: Shims): string => {
  const all = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  const [given, filtered] = ['--label', '--filter'].map((flag) =>
    all.map((label) => `${flag} ${quoted(flag === '--filter' ? `label=${label}` : label)}`).join(' '),
  )
  return `#!/bin/bash
export DOCKER_HOST=${quoted(docker.host)}
name=${quoted(registry.name)} address=${quoted(registry.address)}
words=()
for word in "$@"; do words+=("\${word//"$name"/$address}"); done
case "$1" in
  run | create) words=("$1" ${given} "\${words[@]:1}") ;;
  manifest) words=("$1" "$2" --insecure "\${words[@]:2}") ;;
  ps) words=(ps ${filtered} "\${words[@]:1}") ;;
esac
errors=$(mktemp "\${0%/*}/.errors.XXXXXX")
${quoted(docker.program)} "\${words[@]}" 2>"$errors" | sed -u "s|$address|$name|g"
code=\${PIPESTATUS[0]}
sed "s|$address|$name|g" "$errors" >&2
rm -f "$errors"
exit "$code"
`
}

const awsShim = ({ identity }: Shims): string => {
  const program = join(import.meta.dirname, 'aws.ts')
  // The credentials of whoever started all this are not the host's.
  const nobody = 'AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null'
  return `#!/bin/sh\n${nobody} exec ${[process.execPath, program, identity].map(quoted).join(' ')} "$@"\n`
}

/** Writes `docker` and `aws` into the folder that a host has first on its PATH. */
export const writeShims = async (folder: string, shims: Shims): Promise<void> => {
  await mkdir(folder, { recursive: true })
  for (const [name, script] of [
    ['docker', dockerShim(shims)],
    ['aws', awsShim(shims)],
  ] as const) {
    await writeFile(join(folder, name), script)
    await chmod(join(folder, name), 0o755)
  }
}
