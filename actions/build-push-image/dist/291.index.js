export const id = 291;
export const ids = [291];
export const modules = {

/***/ 3291:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  dockerBuilder: () => (/* binding */ dockerBuilder)
});

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:readline"
var external_node_readline_ = __webpack_require__(481);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./build/lib/oci/manifest.js
var oci_manifest = __webpack_require__(3433);
// EXTERNAL MODULE: ./build/lib/oci/read.js
var read = __webpack_require__(6132);
;// CONCATENATED MODULE: ./build/lib/oci/layout.js





/** Reads an OCI image layout, the folder that `docker buildx build --output type=oci,tar=false` writes. It holds one image. */
const readLayout = async (folder) => {
    const index = (0,oci_manifest/* parseManifest */.Ng)(await (0,promises_.readFile)((0,external_node_path_.join)(folder, 'index.json'), 'utf8'));
    if (index.kind !== 'index')
        throw new Error(`'${folder}' is no OCI image layout: its index.json is no index`);
    const roots = new Map(index.manifests.map((root) => [root.digest, root]));
    const [first] = roots.values();
    if (first === undefined || roots.size !== 1)
        throw new Error(`'${folder}' holds ${roots.size} images, expected one`);
    const root = await readManifest(folder, first);
    const children = root.manifest.kind === 'index' ? root.manifest.manifests : [];
    const manifests = [...(await Promise.all(children.map((child) => readManifest(folder, child)))), root];
    const blobs = new Map(manifests.flatMap(({ manifest }) => blobsOf(manifest)).map((blob) => [blob.digest, blob]));
    return {
        root,
        manifests,
        blobs: [...blobs.values()],
        platformDigests: await platforms(folder, root),
        open: (blob) => (0,external_node_fs_.createReadStream)(blobPath(folder, blob)),
    };
};
const readManifest = async (folder, descriptor) => {
    const path = blobPath(folder, descriptor);
    if ((await (0,promises_.stat)(path)).size > read/* LARGEST_MANIFEST */.$D)
        throw new Error(`the manifest ${descriptor.digest} is larger than ECR's 4 MiB`);
    const bytes = await (0,promises_.readFile)(path, 'utf8');
    if ((0,oci_manifest/* digestOf */.ol)(bytes) !== descriptor.digest)
        throw new Error(`the manifest ${descriptor.digest} in '${folder}' is damaged`);
    return { descriptor, bytes, manifest: (0,oci_manifest/* parseManifest */.Ng)(bytes) };
};
const blobsOf = (manifest) => (manifest.kind === 'image' ? [manifest.config, ...manifest.layers] : []);
/** A manifest of one image does not say its platform; its configuration does. */
const platforms = async (folder, { manifest, descriptor }) => {
    if (manifest.kind === 'index')
        return (0,oci_manifest/* platformDigests */.Hm)(manifest.manifests);
    const platform = (0,oci_manifest/* parsePlatform */.FL)(JSON.parse(await (0,promises_.readFile)(blobPath(folder, manifest.config), 'utf8')));
    return { [(0,oci_manifest/* platformName */.$r)(platform)]: descriptor.digest };
};
const blobPath = (folder, { digest }) => (0,external_node_path_.join)(folder, 'blobs', ...digest.split(':'));

// EXTERNAL MODULE: ./build/lib/refusal.js
var refusal = __webpack_require__(3240);
// EXTERNAL MODULE: ./build/lib/runner/child.js
var runner_child = __webpack_require__(7865);
// EXTERNAL MODULE: ./build/actions/build-push-image/src/buildx.js
var buildx = __webpack_require__(3391);
;// CONCATENATED MODULE: ./build/actions/build-push-image/src/docker.js







/** Builds with the docker command line of this machine. */
const dockerBuilder = (log) => ({
    build: async (request, signal) => {
        const first = await docker((0,buildx/* buildArguments */.fb)(request), signal, log);
        if (first.exitCode !== 0 && (0,buildx/* needsBuilder */.BM)(first.output) && request.builder === undefined) {
            log.info('the docker driver of this engine cannot export this image: building with a temporary builder in a container');
            await buildApart(request, signal, log);
        }
        else {
            succeed(first);
        }
        return readLayout(request.layout);
    },
});
/** Hosted runners without the containerd image store need this: the builder's own image is pulled first. */
const buildApart = async (request, signal, log) => {
    const builder = `slipway-${(0,external_node_crypto_.randomBytes)(6).toString('hex')}`;
    const create = ['buildx', 'create', '--name', builder, '--driver', 'docker-container'];
    try {
        succeed(await docker(create, signal, log));
        succeed(await docker((0,buildx/* buildArguments */.fb)({ ...request, builder }), signal, log));
    }
    finally {
        await docker(['buildx', 'rm', '--force', builder], undefined, log);
    }
};
const succeed = ({ exitCode, output }) => {
    if (exitCode === 0)
        return;
    if ((0,buildx/* lacksBuildx */.n5)(output))
        throw new refusal/* Refusal */.P('docker has no buildx on this runner: install the docker-buildx plugin; nothing was pushed');
    if ((0,buildx/* needsBuilder */.BM)(output))
        throw new refusal/* Refusal */.P(`the builder given as 'builder' cannot export this image: ${(0,buildx/* failureOf */.g5)(output)}; nothing was pushed`);
    throw new Error(`the build failed: ${(0,buildx/* failureOf */.g5)(output)}; nothing was pushed`);
};
/** Where docker says why it failed: first what it does not know, then its usage; or a long build, then the error. */
const KEPT = { first: 5, last: 50 };
/** A signal ends docker in its own way, so that the build stops in the engine too; only then does this reject. */
const docker = (args, signal, log) => new Promise((resolve, reject) => {
    log.info(`docker ${args.join(' ')}`);
    const kept = [];
    let failure;
    const child = (0,external_node_child_process_.spawn)('docker', args, {
        env: (0,runner_child/* childEnvironment */.Q)(),
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(signal && { signal }),
    });
    for (const stream of [child.stdout, child.stderr]) {
        (0,external_node_readline_.createInterface)({ input: stream }).on('line', (line) => {
            log.info(line);
            if (kept.push(line) > KEPT.first + KEPT.last)
                kept.splice(KEPT.first, 1);
        });
    }
    child.on('error', (error) => {
        failure =
            'code' in error && error.code === 'ENOENT'
                ? new refusal/* Refusal */.P('docker was not found on this runner: install Docker with the buildx plugin; nothing was pushed')
                : error;
    });
    child.on('close', (exitCode) => {
        if (failure)
            reject(failure);
        else
            resolve({ exitCode: exitCode ?? 1, output: kept.join('\n') });
    });
});


/***/ }),

/***/ 6132:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $D: () => (/* binding */ LARGEST_MANIFEST),
/* harmony export */   Zj: () => (/* binding */ nextPage),
/* harmony export */   ci: () => (/* binding */ manifestAnswer)
/* harmony export */ });
/** `PutImage` takes no more (ECR API reference, January 2026). */
const LARGEST_MANIFEST = 4_194_304;
/** Undefined where the registry has no such thing. */
const manifestAnswer = async (reference, response) => {
    if (response.statusCode !== 200) {
        response.resume();
        return undefined;
    }
    const chunks = [];
    let size = 0;
    for await (const chunk of response) {
        size += chunk.length;
        if (size > LARGEST_MANIFEST)
            throw new Error(`the manifest ${reference} is larger than ECR's 4 MiB`);
        chunks.push(chunk);
    }
    const [mediaType = ''] = (response.headers['content-type'] ?? '').split(';');
    return { mediaType: mediaType.trim(), bytes: Buffer.concat(chunks).toString('utf8') };
};
/** Where a list goes on: `<url>; rel="next"` (RFC 8288), relative to the page that says so. */
const nextPage = (link, page) => {
    const [, next] = /<([^>]*)>\s*;\s*rel="?next"?/.exec([link].flat().join(', ')) ?? [];
    return next === undefined ? undefined : new URL(next, page);
};


/***/ })

};
