import { Refusal } from '../refusal.ts'
import type { Configuration } from './configuration.ts'
import { repositoryUri } from './names.ts'
import { imagesInUse } from './services.ts'
import { contentTag, type GitObjects, type ImageDeclaration, objectPaths } from './tag.ts'

/** One commit, or one tree. Nothing of the working directory is seen. */
export interface Source {
  /** Text of a file; rejects with a `Refusal` where there is no such file. */
  file(path: string): Promise<string>
  /** What stands at these paths; a path that is not there is absent. */
  objects(paths: string[]): Promise<GitObjects>
}

/** An image that the environment's services use, as build-push-image takes it. */
export type WantedImage = ImageDeclaration & { name: string; repository: string; tag: string; digest?: string | undefined }

/**
 * What the trees say each image is that some service uses, with its content tag and without a digest. Asks the source once.
 * A `Refusal` names the image whose paths are not there.
 */
export const wantedImages = async (configuration: Configuration, source: Pick<Source, 'objects'>): Promise<WantedImage[]> => {
  const { project, registry, images } = configuration
  const declared = imagesInUse(configuration).flatMap((name) => {
    const declaration = images[name]
    return declaration === undefined ? [] : [{ name, declaration }]
  })
  const objects = await source.objects([...new Set(declared.flatMap(({ declaration }) => objectPaths(declaration)))])
  return declared.map(({ name, declaration }) => {
    try {
      return { name, repository: repositoryUri(registry, project, name), ...declaration, tag: contentTag(declaration, objects) }
    } catch (cause) {
      if (cause instanceof Refusal)
        throw new Refusal(`image ${name}: ${cause.message}; correct 'images.${name}' in the configuration`, { cause })
      throw cause
    }
  })
}
