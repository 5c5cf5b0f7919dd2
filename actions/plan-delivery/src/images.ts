import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { repositoryUri } from '../../../lib/delivery/names.ts'
import { imagesInUse } from '../../../lib/delivery/services.ts'
import { contentTag, type ImageDeclaration, objectPaths } from '../../../lib/delivery/tag.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Source } from './ports.ts'

/** An image that the environment's services use, as build-push-image takes it. */
export type WantedImage = ImageDeclaration & { name: string; repository: string; tag: string; digest?: string | undefined }

/** What the commit's trees say each image is. Read in one go. */
export const wantedImages = async (configuration: Configuration, source: Source): Promise<WantedImage[]> => {
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
