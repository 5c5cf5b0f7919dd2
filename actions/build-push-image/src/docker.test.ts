import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildSource } from '../../../lib/delivery/tag.ts'
import { type SampleLayout, sampleLayout } from '../../../lib/oci/layout.case.ts'
import type { Log } from '../../../lib/runner/log.ts'
import { dockerBuilder } from './docker.ts'

let folder: string
let said: string[]
let layout: SampleLayout
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docker-test-'))
  said = []
  layout = sampleLayout()
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const each of [folder, layout.folder]) rmSync(each, { recursive: true, force: true })
})

/** Puts a `docker` on the path that notes its arguments and then runs this script. */
const docker = (script: string): void => {
  const path = join(folder, 'docker')
  writeFileSync(path, `#!/bin/sh\necho "$*" >> ${folder}/calls\n${script}\n`)
  chmodSync(path, 0o755)
  vi.stubEnv('PATH', `${folder}${delimiter}/usr/bin:/bin`)
}
const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
const log = { info: (line: string) => void said.push(line) } as Log

const build = (layout: string, options: { builder?: string; signal?: AbortSignal } = {}) =>
  dockerBuilder(log).build(
    {
      source: buildSource({ context: 'app' }),
      tree: '/t',
      inputFiles: [],
      version: 'src-1',
      secrets: [],
      builder: options.builder,
      layout,
    },
    options.signal ?? new AbortController().signal,
  )

describe('building with docker', () => {
  it('answers with the image that the build left', async () => {
    docker('echo "#1 building" >&2')
    expect((await build(layout.folder)).root.descriptor.digest).toBe(layout.root.digest)
    expect(said).toContain('#1 building')
    expect(calls()).toHaveLength(1)
  })

  it('builds with a temporary builder where the docker driver cannot export, and removes it', async () => {
    docker(
      'case "$*" in *"--builder"*|"buildx create"*|"buildx rm"*) exit 0;; *) echo "ERROR: OCI exporter is not supported for the docker driver." >&2; exit 1;; esac',
    )
    await build(layout.folder)
    const [, create = '', second, remove] = calls()
    const name = /--name (slipway-[0-9a-f]{12}) --driver docker-container$/.exec(create)?.[1]
    expect(second).toContain(`buildx build --builder ${name} `)
    expect(remove).toBe(`buildx rm --force ${name}`)
    expect(said.join()).toContain('building with a temporary builder')
  })

  it('removes the temporary builder also when its build fails', async () => {
    docker(
      'case "$*" in "buildx create"*|"buildx rm"*) exit 0;; *--builder*) echo "ERROR: no" >&2; exit 1;; *) echo "ERROR: OCI exporter is not supported for the docker driver." >&2; exit 1;; esac',
    )
    await expect(build('/nowhere')).rejects.toThrow('the build failed: no; nothing was pushed')
    expect(calls().at(-1)).toMatch(/^buildx rm/)
  })

  it('leaves a builder that was given alone', async () => {
    docker('echo "ERROR: OCI exporter is not supported for the docker driver." >&2; exit 1')
    await expect(build('/nowhere', { builder: 'mine' })).rejects.toThrow(
      /^the builder given as 'builder' cannot export this image: OCI exporter/,
    )
    expect(calls()).toHaveLength(1)
  })

  it('gives the reason of a failed build in one line', async () => {
    docker('for i in $(seq 100); do echo "#5 line $i" >&2; done; echo "ERROR: failed to solve: exit code: 1" >&2; exit 1')
    await expect(build('/nowhere')).rejects.toThrow(/^the build failed: failed to solve: exit code: 1; nothing was pushed$/)
    expect(said.filter((line) => line.startsWith('#5'))).toHaveLength(100)
  })

  it('says that docker is missing', async () => {
    vi.stubEnv('PATH', folder)
    await expect(build('/nowhere')).rejects.toThrow(/^docker was not found on this runner/)
  })

  it('says that buildx is missing', async () => {
    docker('echo "unknown flag: --file" >&2; for i in $(seq 100); do echo "usage $i" >&2; done; exit 125')
    await expect(build('/nowhere')).rejects.toThrow(/^docker has no buildx on this runner/)
  })

  it('lets docker end its build when the job is cancelled', async () => {
    docker(`trap 'echo stopped > ${folder}/stopped; exit 1' TERM; echo started; while true; do sleep 0.05; done`)
    const cancel = new AbortController()
    const building = build('/nowhere', { signal: cancel.signal })
    await vi.waitFor(() => expect(said).toContain('started'))
    cancel.abort(new Error('cancelled'))
    await expect(building).rejects.toThrow()
    expect(existsSync(join(folder, 'stopped'))).toBe(true)
  })
})
