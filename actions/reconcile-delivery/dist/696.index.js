export const id = 696;
export const ids = [696];
export const modules = {

/***/ 1696:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ecrRegistry: () => (/* binding */ ecrRegistry)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecr/dist-cjs/index.js
var dist_cjs = __webpack_require__(8249);
// EXTERNAL MODULE: ./build/lib/aws/errors.js + 1 modules
var errors = __webpack_require__(9794);
// EXTERNAL MODULE: ./build/lib/image.js
var lib_image = __webpack_require__(9449);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./build/lib/oci/manifest.js


/** Every type that ECR stores. All are named on each read: ECR may convert what it serves by tag when its type is not. */
const MANIFEST_TYPES = [
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.v2+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.docker.distribution.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v1+prettyjws',
];
const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
/** Throws where the bytes are no manifest of schema 2. */
const parseManifest = (bytes) => {
    const value = record(JSON.parse(bytes), 'manifest');
    if (Array.isArray(value['manifests']))
        return { kind: 'index', manifests: value['manifests'].map(descriptor) };
    if (Array.isArray(value['layers'])) {
        return { kind: 'image', config: descriptor(value['config']), layers: value['layers'].map(descriptor) };
    }
    throw new Error('this is neither an image manifest nor an index of schema version 2');
};
const platformName = ({ os, architecture, variant }) => [os, architecture, variant].filter(Boolean).join('/');
/** Digest of each image of an index by platform; attestations, whose platform is `unknown`, are no images. */
const platformDigests = (manifests) => Object.fromEntries(manifests.flatMap(({ platform, digest }) => platform === undefined || platform.os === 'unknown' ? [] : [[platformName(platform), digest]]));
const descriptor = (value) => {
    const { mediaType, digest, size, platform } = record(value, 'descriptor');
    if (typeof mediaType !== 'string' || typeof digest !== 'string' || typeof size !== 'number' || !(0,lib_image/* isDigest */.Bc)(digest)) {
        throw new Error(`a descriptor needs media type, SHA-256 digest and size, got ${JSON.stringify(value)}`);
    }
    return { mediaType, digest, size, ...(platform !== undefined && { platform: parsePlatform(platform) }) };
};
/** Reads `os`, `architecture` and `variant`, as in a descriptor's platform and in an image's config. */
const parsePlatform = (value) => {
    const { os, architecture, variant } = record(value, 'platform');
    if (typeof os !== 'string' || typeof architecture !== 'string') {
        throw new Error(`a platform needs os and architecture, got ${JSON.stringify(value)}`);
    }
    return { os, architecture, ...(typeof variant === 'string' && variant !== '' && { variant }) };
};
const record = (value, what) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new Error(`this is no ${what}`);
    return value;
};

// EXTERNAL MODULE: ./build/lib/refusal.js
var refusal = __webpack_require__(3240);
;// CONCATENATED MODULE: ./build/actions/reconcile-delivery/src/ecr.js





/** The most that one BatchGetImage takes (API reference). */
const BATCH = 100;
const ecrRegistry = (session) => {
    const ecr = session.client(dist_cjs/* ECRClient */.S70);
    const find = async (repositoryName, references) => {
        const imageIds = references.map((reference) => ((0,lib_image/* isDigest */.Bc)(reference) ? { imageDigest: reference } : { imageTag: reference }));
        const input = { registryId: session.account, repositoryName, imageIds, acceptedMediaTypes: MANIFEST_TYPES };
        const { images = [] } = await (0,errors/* call */.T1)('ecr:BatchGetImage', () => ecr.send(new dist_cjs/* BatchGetImageCommand */.P8n(input))).catch((cause) => {
            if (!(0,errors/* isNamed */.ev)(cause, 'RepositoryNotFoundException'))
                throw cause;
            const where = `${session.account} in ${session.region}`;
            throw new refusal/* Refusal */.P(`the registry ${where} has no repository ${repositoryName}`, { cause });
        });
        return images.flatMap(({ imageId: { imageDigest: digest, imageTag } = {}, imageManifest }) => {
            if (digest === undefined)
                return [];
            const found = { digest, children: childrenOf(imageManifest) };
            return [digest, ...(imageTag === undefined ? [] : [imageTag])].map((reference) => [reference, found]);
        });
    };
    return {
        guard: () => session.guard(),
        images: async (repository, references) => {
            const wanted = [...new Set(references)];
            const batches = Array.from({ length: Math.ceil(wanted.length / BATCH) }, (_, index) => wanted.slice(index * BATCH, (index + 1) * BATCH));
            return new Map((await Promise.all(batches.map((batch) => find(repository, batch)))).flat());
        },
    };
};
const childrenOf = (bytes) => {
    const manifest = bytes === undefined ? undefined : parseManifest(bytes);
    return manifest?.kind === 'index' ? manifest.manifests.map(({ digest }) => digest) : [];
};


/***/ })

};
