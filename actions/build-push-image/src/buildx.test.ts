import { describe, expect, it } from 'vitest'
import { buildSource, type ImageDeclaration } from '../../../lib/delivery/tag.ts'
import { type BuildRequest, buildArguments, failureOf, lacksBuildx, needsBuilder } from './buildx.ts'

const args = (image: ImageDeclaration, more: Partial<BuildRequest> = {}): string =>
  buildArguments({
    source: buildSource(image),
    tree: '/t',
    inputFiles: [],
    version: 'src-1',
    secrets: [],
    builder: undefined,
    layout: '/layout',
    ...more,
  }).join(' ')

const FIXED = '--build-arg VERSION=src-1 --build-arg SOURCE_DATE_EPOCH=0'
const END = '--output type=oci,dest=/layout,tar=false,rewrite-timestamp=true --provenance=false --sbom=false --progress=plain'

describe('docker arguments', () => {
  it.each<[string, ImageDeclaration, Partial<BuildRequest>, string]>([
    ['a folder', { context: 'app' }, {}, `buildx build --file /t/app/Dockerfile --platform linux/amd64 ${FIXED} ${END} /t/app`],
    ['the repository', { context: '.' }, {}, `buildx build --file /t/Dockerfile --platform linux/amd64 ${FIXED} ${END} /t`],
    [
      'a Dockerfile and a stage',
      { context: 'app', dockerfile: 'docker/x', target: 'release' },
      {},
      `buildx build --file /t/docker/x --target release --platform linux/amd64 ${FIXED} ${END} /t/app`,
    ],
    [
      'platforms, in one order',
      { context: 'app', platforms: ['linux/arm64', 'linux/amd64'] },
      {},
      `buildx build --file /t/app/Dockerfile --platform linux/amd64,linux/arm64 ${FIXED} ${END} /t/app`,
    ],
    [
      'build arguments, in one order and before ours',
      { context: 'app', args: { B: 'x=y', A: '1 2' } },
      {},
      `buildx build --file /t/app/Dockerfile --platform linux/amd64 --build-arg A=1 2 --build-arg B=x=y ${FIXED} ${END} /t/app`,
    ],
    [
      'further inputs: a folder, a file in a folder and one in the root',
      { context: 'app', inputs: ['Libs/Shared', 'conf/app.json', 'Cargo.lock'] },
      { inputFiles: ['conf/app.json', 'Cargo.lock'] },
      `buildx build --file /t/app/Dockerfile --platform linux/amd64 ${FIXED} --build-context cargo.lock=/t --build-context libs/shared=/t/Libs/Shared --build-context conf/app.json=/t/conf ${END} /t/app`,
    ],
    [
      'secrets, never as build arguments',
      { context: 'app' },
      {
        secrets: [
          { id: 'npm', env: 'NPM_TOKEN' },
          { id: 'key', file: '/w/a,"b' },
        ],
      },
      `buildx build --file /t/app/Dockerfile --platform linux/amd64 ${FIXED} --secret type=env,id=npm,env=NPM_TOKEN --secret type=file,id=key,"src=/w/a,""b" ${END} /t/app`,
    ],
    [
      'a builder',
      { context: 'app' },
      { builder: 'remote' },
      `buildx build --builder remote --file /t/app/Dockerfile --platform linux/amd64 ${FIXED} ${END} /t/app`,
    ],
  ])('for %s', (_, image, more, expected) => {
    expect(args(image, more)).toBe(expected)
  })
})

describe("docker's words", () => {
  it.each([
    'ERROR: OCI exporter is not supported for the docker driver. Switch to a different driver, or turn on the containerd image store, and try again.',
    'ERROR: OCI exporter feature is currently not supported for docker driver. Please switch to a different driver (eg. "docker buildx create --use")',
    'ERROR: Multi-platform build is not supported for the docker driver.',
    'ERROR: multiple platforms feature is currently not supported for docker driver. Please switch to a different driver',
  ])('ask for another builder: %s', (output) => {
    expect(needsBuilder(`#0 building\n${output}\n`)).toBe(true)
  })

  it.each([
    "docker: 'buildx' is not a docker command.\nSee 'docker --help'",
    'docker: unknown command: docker buildx\n\nRun ...',
    'unknown flag: --output\n\nUsage:  docker [OPTIONS] COMMAND',
    "unknown shorthand flag: 'f' in -f",
  ])('say that there is no buildx: %s', (output) => {
    expect(lacksBuildx(output)).toBe(true)
  })

  it('are neither in an ordinary failure', () => {
    const output = '#5 ERROR: process "/bin/sh -c npm ci" did not complete\n------\nERROR: failed to solve: exit code: 1\n\n'
    expect([needsBuilder(output), lacksBuildx(output), failureOf(output)]).toEqual([
      false,
      false,
      'failed to solve: exit code: 1',
    ])
  })
})
