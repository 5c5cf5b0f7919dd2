import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dockerBuilder } from '../actions/build-push-image/src/docker.ts'
import { parseConfiguration } from '../lib/delivery/parse.ts'
import { buildSource, contentTag, type ImageDeclaration, objectPaths } from '../lib/delivery/tag.ts'
import { exportPaths, objectsOf } from '../lib/git.ts'
import { runnerLog } from '../lib/runner/log.ts'

/** Builds an image of the commit as the delivery would, and answers with its digest. Nothing is pushed, and nothing is kept. */
const build = async (image: ImageDeclaration): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-images-'))
  try {
    const [source, paths] = [buildSource(image), objectPaths(image)]
    const { id, objects } = await objectsOf('.', 'HEAD', paths)
    const tree = join(folder, 'tree')
    await exportPaths('.', id, paths, tree)
    const inputFiles = source.inputs.filter((path) => objects.get(path)?.type === 'blob')
    const { root } = await dockerBuilder(runnerLog).build(
      {
        source,
        tree,
        inputFiles,
        version: contentTag(image, objects),
        secrets: [],
        builder: undefined,
        layout: join(folder, 'layout'),
      },
      new AbortController().signal,
    )
    return root.descriptor.digest
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

// Every image of delivery.json, as the commit has it.
try {
  const { images } = parseConfiguration(await readFile('delivery.json', 'utf8'))
  for (const [name, image] of Object.entries(images)) console.log(`image ${name}: ${await build(image)}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
