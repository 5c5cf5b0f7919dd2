import { api, error, guide, idle, images, ready, uriOf } from '../functions.ts'
import { indexOf, manifestOf, putImage, repository, uploadContent } from '../images.ts'
import type { Rule } from '../rule.ts'
import { type Subject, unique } from '../subject.ts'

const needs: Rule['needs'] = ['functions']

const refusedImage = async (subject: Subject, ImageUri: string): Promise<unknown> => {
  const FunctionName = await ready(subject)
  return error(subject.lambda.updateFunctionCode({ FunctionName, ImageUri }))
}

export const functionImageRules: Rule[] = [
  {
    id: 'lambda.update.package',
    source: api('UpdateFunctionCode'),
    text: 'An image function takes no .zip file: InvalidParameterValueException',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      return error(subject.lambda.updateFunctionCode({ FunctionName, ZipFile: Buffer.from('PK') }))
    },
    expected: ['InvalidParameterValueException', 400],
  },
  {
    id: 'lambda.update.missing-image',
    source: guide('troubleshooting-images'),
    text: 'A tag or a digest that is not in the repository is InvalidParameterValueException',
    needs,
    async run(subject) {
      const { uri } = await images(subject)
      return Promise.all([`${uri}:none`, `${uri}@sha256:${'0'.repeat(64)}`].map((image) => refusedImage(subject, image)))
    },
    expected: Array(2).fill(['InvalidParameterValueException', 400]),
  },
  {
    id: 'lambda.update.other-region',
    source: guide('images-create'),
    text: 'An image of another region, or of another registry than ECR, is InvalidParameterValueException',
    needs,
    async run(subject) {
      const { one } = await images(subject)
      const elsewhere = [one.replace(subject.region, 'ap-south-1'), 'public.ecr.aws/docker/library/busybox:stable']
      return Promise.all(elsewhere.map((image) => refusedImage(subject, image)))
    },
    expected: Array(2).fill(['InvalidParameterValueException', 400]),
  },
  {
    id: 'lambda.update.index',
    source: guide('images-create'),
    text: 'An image index, also one of a single image, is InvalidParameterValueException',
    needs,
    async run(subject) {
      const { name, uri } = await images(subject)
      await uploadContent(subject, name, 'one')
      const put = await subject.ecr.putImage({
        repositoryName: name,
        imageManifest: indexOf(manifestOf('one')),
        imageTag: 'index',
      })
      return refusedImage(subject, `${uri}@${put.image?.imageId?.imageDigest}`)
    },
    expected: ['InvalidParameterValueException', 400],
  },
  {
    id: 'lambda.update.architecture',
    source: guide('foundation-arch'),
    text: 'The architecture of the image is not looked at: an update to the other one succeeds',
    needs,
    async run(subject) {
      const { one: ImageUri } = await images(subject)
      const FunctionName = await ready(subject)
      await subject.lambda.updateFunctionCode({ FunctionName, ImageUri, Architectures: ['arm64'] })
      const { LastUpdateStatus, Architectures } = await idle(subject, FunctionName)
      return [LastUpdateStatus, Architectures]
    },
    expected: ['Successful', ['arm64']],
  },
  {
    id: 'lambda.image.other-account',
    source: guide('images-create'),
    text: 'An image of another account is AccessDeniedException until its repository lets in both that account and Lambda',
    needs: ['functions', 'accounts'],
    async run(subject) {
      const repositoryName = await repository(subject)
      const digest = await putImage(subject, repositoryName, 'one')
      const { account = '', lambda } = subject.other ?? {}
      const make = async (...Principal: object[]) => {
        const FunctionName = unique('function')
        const Action = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
        const Statement = Principal.map((principal) => ({ Effect: 'Allow', Principal: principal, Action }))
        const policyText = JSON.stringify({ Version: '2012-10-17', Statement })
        if (Statement.length > 0) await subject.ecr.setRepositoryPolicy({ repositoryName, policyText })
        const Code = { ImageUri: `${uriOf(subject, repositoryName)}@${digest}` }
        const Role = subject.functionRole?.replace(subject.account, account)
        const made = lambda?.createFunction({ FunctionName, PackageType: 'Image', Code, Role })
        subject.afterwards(async () => lambda?.deleteFunction({ FunctionName }))
        return error(made ?? Promise.resolve())
      }
      const [theirs, service] = [{ AWS: `arn:aws:iam::${account}:root` }, { Service: 'lambda.amazonaws.com' }]
      return [await make(), await make(theirs), await make(theirs, service)]
    },
    expected: [['AccessDeniedException', 403], ['AccessDeniedException', 403], 'accepted'],
  },
  {
    id: 'lambda.config.image',
    source: api('ImageConfigResponse'),
    text: 'What replaces the command of an image is shown in ImageConfigResponse, and an empty ImageConfig takes it away',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const seen = []
      for (const ImageConfig of [{ Command: ['node', 'app.js'] }, {}]) {
        await subject.lambda.updateFunctionConfiguration({ FunctionName, ImageConfig })
        seen.push((await idle(subject, FunctionName)).ImageConfigResponse?.ImageConfig?.Command)
      }
      return seen
    },
    expected: [['node', 'app.js'], undefined],
  },
]
