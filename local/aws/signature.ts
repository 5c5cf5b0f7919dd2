export type Scope = { accessKeyId: string; region: string; service: string }

const credential = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/

/** The credential scope of a SigV4 `Authorization` header; undefined when the request is unsigned. */
export const parseScope = (authorization: string | undefined): Scope | undefined => {
  const [, accessKeyId, region, service] = credential.exec(authorization ?? '') ?? []
  return accessKeyId === undefined || region === undefined || service === undefined ? undefined : { accessKeyId, region, service }
}
