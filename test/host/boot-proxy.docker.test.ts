import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesOf, serviceOf, userDataOf } from '../../infra/ec2/ec2.case.ts'
import { importNodeImage } from '../../local/containers/node-image.case.ts'
import { useEngine } from '../../local/engine/engine.case.ts'
import { ensureProxyProgram } from '../../local/engine/packages.ts'

// The proxy as user data starts it: this machine's HAProxy, in a container without a file of its own and without any right.
useEngine()

const name = `slp-${process.pid}`
const userData = userDataOf(serviceOf())
const files = filesOf(userData)
const setup = userData.slice(0, userData.indexOf('\nset -E\n')).replace('SERVICE=edge', `SERVICE=${name}`)

let root: string
let proxy: { program: string; libraries: string }

const bash = (script: string) =>
  new Promise<string>((resolve, reject) => {
    execFile('/bin/bash', ['--norc', '-c', script], (error, stdout, stderr) =>
      error === null ? resolve(stdout.trim()) : reject(new Error(`${stdout}${stderr}`, { cause: error })),
    )
  })

/** Where HAProxy is not installed, its unpacked files are mounted beside those of the machine. */
const unpacked = (): string => {
  if (proxy.libraries === '') return ''
  const folder = join(import.meta.dirname, '../../.slipway/haproxy')
  const inside = (path: string): string => path.replaceAll(folder, '/opt')
  return `docker() {
    local words=("$@")
    if [[ $1 == run ]]; then
      words=(run --volume '${folder}:/opt:ro' --env 'LD_LIBRARY_PATH=${inside(proxy.libraries)}' "\${@:2}")
      words=("\${words[@]/#\\/usr\\/sbin\\/haproxy/${inside(proxy.program)}}")
    fi
    command docker "\${words[@]}"
  }\n`
}

beforeAll(async () => {
  proxy = await ensureProxyProgram({ home: join(import.meta.dirname, '../../.slipway'), say: console.error })
  root = await mkdtemp('/tmp/slp-')
  await mkdir(join(root, 'etc/slipway'), { recursive: true })
  await mkdir(join(root, 'run/slipway'), { recursive: true })
  await chmod(root, 0o755)
  await chmod(join(root, 'run/slipway'), 0o777)
  await writeFile(join(root, `etc/slipway/${name}.cfg`), files['/etc/slipway/edge.cfg'] ?? '')
})

afterAll(async () => {
  await bash(
    `docker rm --force --volumes ${name}-proxy ${name}-app; docker network rm ${name}; docker image rm slipway/distribution`,
  )
  await rm(root, { recursive: true })
})

const answer = (address: string) =>
  fetch(address).then(
    async (response) => `${response.status} ${(await response.text()).split('\n')[0]}`,
    () => 'nothing',
  )

test('it finds the container that takes its slot, also after a restart, and has its socket where the program looks', async () => {
  const functions = setup.replaceAll(/(?<=["\s])\/(etc|run)\/slipway/g, `${root}/$1/slipway`)
  await bash(`${functions}\n${unpacked()}docker network create ${name}\nstart_proxy --publish 127.0.0.1::8000`)
  const address = async () => `http://${await bash(`docker port ${name}-proxy 8000`)}/`
  await expect.poll(async () => answer(await address()), { timeout: 30_000 }).toMatch(/^503/)
  expect((await stat(join(root, 'run/slipway/edge.sock'))).uid).toBe(99)
  const image = await importNodeImage()
  const server = "require('http').createServer((_, answer) => answer.end('served')).listen(8080)"
  await bash(
    `docker run --detach --name ${name}-app --network ${name} --network-alias edge-blue ${image} /bin/node -e "${server}"`,
  )
  await expect.poll(async () => answer(await address()), { timeout: 30_000 }).toBe('200 served')
  await bash(`docker restart ${name}-proxy`)
  await expect.poll(async () => answer(await address()), { timeout: 30_000 }).toBe('200 served')
  expect(await bash(`docker inspect --format '{{.HostConfig.RestartPolicy.Name}} {{.Config.User}}' ${name}-proxy`)).toBe(
    'unless-stopped 99:99',
  )
})
