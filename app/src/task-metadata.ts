/**
 * Digest of the running image, from the ECS task metadata endpoint. Only an image that was deployed by digest names one there;
 * `ImageID` is not it: that is the digest of the image's configuration.
 */
export const imageDigest = async (endpoint: string, fetcher: typeof fetch = fetch): Promise<string | undefined> => {
  const response = await fetcher(endpoint, { signal: AbortSignal.timeout(2_000) })
  if (!response.ok) throw new Error(`task metadata answered ${response.status}`)
  const { Image } = (await response.json()) as { Image?: string }
  return /@(sha256:[0-9a-f]{64})$/.exec(Image ?? '')?.[1]
}
