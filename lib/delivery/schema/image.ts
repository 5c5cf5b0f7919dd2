import { z } from 'zod'
import { list, path, section, text, variables } from './fields.ts'

const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const

export const image = section(
  {
    context: path('Folder that is sent to the build, from the root of the repository. `.` is the whole repository.'),
    dockerfile: path('Dockerfile, from the root of the repository. Default: `Dockerfile` in the context.').optional(),
    target: text(
      /^[A-Za-z0-9][\w.-]*$/,
      'the name of a stage in the Dockerfile',
      'Stage of the Dockerfile to build. Default: the last one.',
    ).optional(),
    platforms: list(
      z.enum(PLATFORMS, { error: `one of ${PLATFORMS.join(', ')}` }).describe('A platform as Docker names it.'),
      '["linux/amd64"]',
      'Platforms to build for; tasks on ECS run on the first one. Lambda takes images of one platform only. Default: linux/amd64.',
      PLATFORMS.length,
    ).optional(),
    args: variables('Build arguments. They are part of the image’s identity and visible in it: no secrets.').optional(),
    inputs: list(
      path('A file or folder.'),
      '["lib"]',
      'Files and folders that the build reads beside its context. They are part of the image’s identity.',
    ).optional(),
  },
  'An image that is built once, from one source tree.',
)
