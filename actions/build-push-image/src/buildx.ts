import { dirname, join } from 'node:path'
import type { BuildSource } from '../../../lib/delivery/tag.ts'

export type BuildRequest = {
  source: BuildSource
  /** Folder with the commit's files. */
  tree: string
  /** Which of the further inputs are files; the others are folders. */
  inputFiles: string[]
  /** The content tag; the application says it on `/version`. */
  version: string
  secrets: ({ id: string; env: string } | { id: string; file: string })[]
  builder: string | undefined
  /** New folder for the OCI image layout. */
  layout: string
}

/**
 * `docker` arguments of the one build. Nothing in them differs between two runs on the same tree but folders, so the digest
 * does not either: no attestation (it carries the run's address), no time of its own in the image.
 */
export const buildArguments = ({ source, tree, inputFiles, version, secrets, builder, layout }: BuildRequest): string[] => [
  'buildx',
  'build',
  ...(builder === undefined ? [] : ['--builder', builder]),
  ...['--file', join(tree, source.dockerfile)],
  ...(source.target === undefined ? [] : ['--target', source.target]),
  ...['--platform', source.platforms.join(',')],
  ...Object.entries(source.args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
  ...['--build-arg', `VERSION=${version}`],
  ...['--build-arg', 'SOURCE_DATE_EPOCH=0'],
  ...source.inputs.flatMap((path) => [
    '--build-context',
    `${contextName(path)}=${join(tree, inputFiles.includes(path) ? dirname(path) : path)}`,
  ]),
  ...secrets.flatMap((secret) => [
    '--secret',
    csv(
      'file' in secret
        ? ['type=file', `id=${secret.id}`, `src=${secret.file}`]
        : ['type=env', `id=${secret.id}`, `env=${secret.env}`],
    ),
  ]),
  ...['--output', csv(['type=oci', `dest=${layout}`, 'tar=false', 'rewrite-timestamp=true'])],
  '--provenance=false',
  '--sbom=false',
  '--progress=plain',
  join(tree, source.context),
]

/** Name under which a Dockerfile finds a further input: buildx takes names of images only, which are in lower case. */
export const contextName = (path: string): string => path.toLowerCase()

/** buildx splits these values as CSV. */
const csv = (fields: string[]): string =>
  fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')

/** The docker driver without the containerd image store: its engine cannot do what a builder in a container can. */
export const needsBuilder = (output: string): boolean =>
  /OCI exporter (is not|feature is currently not) supported for (the )?docker driver/i.test(output) ||
  /Multi-platform build(s are| is|ing is)? not supported for the docker driver/i.test(output) ||
  /multiple platforms feature is currently not supported for docker driver/i.test(output)

/** buildx is a plugin of the command line: without it docker takes its name for an unknown command, or its flags for unknown ones. */
export const lacksBuildx = (output: string): boolean =>
  /'buildx' is not a docker command|unknown command: docker buildx|^unknown (shorthand )?flag: /im.test(output)

/** The line that says why a build failed. */
export const failureOf = (output: string): string => {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  return (lines.findLast((line) => line.startsWith('ERROR: ')) ?? lines.at(-1) ?? 'no output').replace(/^ERROR: /, '').trim()
}
