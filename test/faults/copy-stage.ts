import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { indexOf, indexType, manifestType, newImage } from '../../local/aws/ecr/image.case.ts'
import { digestOf } from '../../local/aws/ecr/manifest.ts'
import type { Step } from '../../local/github/step.ts'
import { account, region } from '../build-world.ts'
import { type CopyWorld, startCopyWorld } from '../copy-world.ts'
import { imagesOf } from './copy-observe.ts'
import { stepRules } from './deploy-objections.ts'
import { requestToken } from './identity.ts'
import { filesIn } from './leaks.ts'
import { type Delivery, quick, type Stage } from './stage.ts'

const BUNDLE = join(import.meta.dirname, '..', '..', 'actions', 'build-push-image', 'dist', 'index.js')

/** An index of two images with a signature, in the registry of another account and region, under the content tag. */
const fillSource = async (world: CopyWorld): Promise<Record<string, string>> => {
  const registry = await world.owner()
  const push = async ({ blobs, manifest }: { blobs: Buffer[]; manifest: Buffer }): Promise<void> => {
    for (const blob of blobs) await registry.pushBlob('shop/app', blob)
    await registry.pushManifest('shop/app', digestOf(manifest), manifest)
  }
  const [one, other, signing] = [newImage(), newImage(), newImage()]
  const index = indexOf(one.manifest, other.manifest)
  const subject = { mediaType: indexType, digest: digestOf(index), size: index.length }
  const signature = Buffer.from(
    JSON.stringify({ ...JSON.parse(signing.manifest.toString()), mediaType: manifestType, artifactType: 'a/signature', subject }),
  )
  for (const image of [one, other, { ...signing, manifest: signature }]) await push(image)
  await registry.pushManifest('shop/app', world.tree(), index, indexType)
  return {
    [digestOf(index)]: 'the index',
    [one.digest]: 'one image',
    [other.digest]: 'the other image',
    [digestOf(signature)]: 'the signature',
  }
}

/** A commit whose image is in the registry of the source, and wanted in that of the build. */
const copyStage = async (inputs: Record<string, string>): Promise<Stage> => {
  const world = await startCopyWorld()
  const names = await fillSource(world)
  const base = mkdtempSync(join(tmpdir(), 'fault-'))
  const folders = { HOME: join(base, 'home') }
  mkdirSync(folders.HOME)
  const secrets: string[] = []
  return {
    cloud: world.cloud,
    start: (attempt) => {
      const env = { ...folders, ...quick, GITHUB_RUN_ATTEMPT: String(attempt) }
      const job = world.job()
      secrets.push(requestToken(job))
      return world.start({ 'request-timeout': '1s', ...inputs }, { ...job, ...env }, BUNDLE)
    },
    conclude: async (step) => {
      const found = await imagesOf(world.cloud, account, region, 'shop/app')
      // Every stage has images of its own.
      const state = Object.entries(names).reduce((text, [digest, name]) => text.replaceAll(digest, name), JSON.stringify(found))
      return { state: JSON.parse(state), objections: objections(world, step, found, names) }
    },
    secrets: () => [...secrets, ...world.cloud.secrets()],
    traces: () => [...world.dockerCalls(), ...filesIn(folders.HOME)],
    close: async () => {
      await world.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

type Found = Awaited<ReturnType<typeof imagesOf>>

/** Which promises a copy has broken, judged by what the target's registry says afterwards. */
const objections = (world: CopyWorld, step: Step, { images, referrers }: Found, names: Record<string, string>): string[] => {
  const { result, digest: said = '', tag = '' } = step.outputs
  const isGreen = result !== undefined
  const [index = '', signature = ''] = Object.keys(names).filter((digest) => /index|signature/.test(names[digest] ?? ''))
  const isWarned = step.log.includes('copied without its signatures')
  const isWhole = Object.keys(names).every((digest) => images[digest] !== undefined || (digest === signature && isWarned))
  const rules: [broken: boolean, objection: string][] = [
    ...stepRules(step, isGreen),
    [isGreen && said !== index, 'green with another digest'],
    [isGreen && !images[index]?.includes(tag), 'green, but the content tag is not on the image'],
    [isGreen && !isWhole, 'green, but not all of the image is there'],
    [isGreen && !isWarned && referrers[index]?.[0] !== signature, 'green, but the signature is not found from the image'],
    [!isGreen && Object.keys(step.outputs).length > 0, 'red with outputs'],
    [Object.entries(images).some(([each, tags]) => each !== index && tags.length > 0), 'a tag is on something else'],
    [Object.keys(images).some((each) => names[each] === undefined), 'something is there that is not in the source'],
    [world.dockerCalls().length > 0, 'docker was called'],
    [world.leftovers().length > 0, `left behind: ${world.leftovers().join(', ')}`],
  ]
  return rules.flatMap(([broken, objection]) => (broken ? [objection] : []))
}

const copy = (name: string, inputs: Record<string, string>): Delivery => ({ name, green: true, open: () => copyStage(inputs) })

export const copied = copy('an image that is in the source', {})
export const copiedFurther = copy('an image that is in the source, with a further tag', { tag: 'v1.0.0' })
