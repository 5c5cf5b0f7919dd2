export const id = 836;
export const ids = [836];
export const modules = {

/***/ 836:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  copyFromSource: () => (/* binding */ copyFromSource)
});

// EXTERNAL MODULE: ./build/lib/oci/push.js
var push = __webpack_require__(2284);
// EXTERNAL MODULE: ./build/lib/oci/manifest.js
var oci_manifest = __webpack_require__(3433);
// EXTERNAL MODULE: ./build/lib/oci/retry.js
var oci_retry = __webpack_require__(8456);
;// CONCATENATED MODULE: ./build/lib/oci/referrers.js


const INDEX = 'application/vnd.oci.image.index.v1+json';
/** Where registries without a list of referrers keep one (OCI distribution 1.1, referrers tag schema). */
const referrersTag = (digest) => digest.replace(':', '-');
/** Digests of the manifests whose subject is `digest`: by the registry's list, or by the tag that stands in for it. */
const listReferrers = async (registry, digest, retry) => {
    const pages = await (0,oci_retry/* withRetry */.bD)(retry, () => registry.getReferrers(digest));
    if (pages !== undefined)
        return [...new Set(pages.flatMap(digestsIn))];
    const fallback = await (0,oci_retry/* withRetry */.bD)(retry, () => registry.getManifest(referrersTag(digest)));
    return fallback?.mediaType === INDEX ? digestsIn(fallback.bytes) : [];
};
const digestsIn = (bytes) => {
    const manifest = (0,oci_manifest/* parseManifest */.Ng)(bytes);
    return manifest.kind === 'index' ? manifest.manifests.map(({ digest }) => digest) : [];
};
/**
 * Makes referrers that the registry has findable from their subject. Where the registry lists them by itself there is nothing to
 * do; elsewhere the tag's index gets those that it lacks. Two writers at once can lose one's entry: a later copy adds it again.
 */
const recordReferrers = async (registry, subject, referrers, retry) => {
    if (await (0,oci_retry/* withRetry */.bD)(retry, () => keepsList(registry, subject)))
        return;
    const tag = referrersTag(subject);
    const before = await (0,oci_retry/* withRetry */.bD)(retry, () => registry.getManifest(tag));
    const bytes = withReferrers(before?.bytes, referrers);
    if (bytes === before?.bytes)
        return;
    const descriptor = { mediaType: INDEX, digest: (0,oci_manifest/* digestOf */.ol)(bytes), size: Buffer.byteLength(bytes) };
    await (0,oci_retry/* withRetry */.bD)(retry, () => registry.putManifest({ descriptor, bytes, manifest: (0,oci_manifest/* parseManifest */.Ng)(bytes) }, tag));
};
/** Who may not read the list has it all the same. */
const keepsList = async (registry, subject) => {
    try {
        return (await registry.getReferrers(subject)) !== undefined;
    }
    catch (error) {
        if (isDenied(error))
            return true;
        throw error;
    }
};
const isDenied = (error) => error instanceof oci_retry/* RegistryError */.gl && (error.status === 401 || error.status === 403);
/** The index with these among its manifests; the same text where they are already. Entries of others stay as they are. */
const withReferrers = (before, referrers) => {
    const index = before === undefined ? { schemaVersion: 2, mediaType: INDEX, manifests: [] } : JSON.parse(before);
    const known = new Set(index.manifests.map(({ digest }) => digest));
    const missing = referrers.filter(({ descriptor }) => !known.has(descriptor.digest));
    if (before !== undefined && missing.length === 0)
        return before;
    return JSON.stringify({ ...index, manifests: [...index.manifests, ...missing.map(entry)] });
};
/** What a list of referrers says of each: the type of an artifact without its own is that of its configuration. */
const entry = ({ descriptor, bytes, manifest }) => {
    const { artifactType, annotations } = JSON.parse(bytes);
    const type = artifactType ?? (manifest.kind === 'image' ? manifest.config.mediaType : undefined);
    return { ...descriptor, ...(type && { artifactType: type }), ...(annotations && { annotations }) };
};

// EXTERNAL MODULE: ./build/lib/image.js
var lib_image = __webpack_require__(9449);
;// CONCATENATED MODULE: ./build/lib/oci/tree.js




const CONCURRENT_READS = 4;
/**
 * Reads a manifest and, where it is an index, all that it names: each once, with the exact bytes that hash to its digest, what an
 * index names before the index, the root last. Undefined where the root is not there; rejects where something below it is not.
 */
const readTree = async (from, digest, retry) => {
    if (!(0,lib_image/* isDigest */.Bc)(digest))
        throw new Error(`an image is copied by its digest, sha256:…, got '${digest}'`);
    const found = new Map();
    for (let wanted = [{ digest }]; wanted.length > 0;) {
        await (0,push/* eachAtMost */.Wf)(CONCURRENT_READS, wanted, async (named) => {
            const answer = await (0,oci_retry/* withRetry */.bD)(retry, () => from.getManifest(named.digest));
            if (answer !== undefined)
                found.set(named.digest, stored(named, answer, from));
            else if (named.digest !== digest) {
                throw new Error(`${from.repository} lacks ${named.digest}, which the index ${digest} names: it cannot be copied as a whole`);
            }
        });
        wanted = missing(wanted.flatMap((named) => children(found.get(named.digest))), found);
    }
    return found.size === 0 ? undefined : [...inOrder(digest, found)];
};
const children = (stored) => stored?.manifest.kind === 'index' ? stored.manifest.manifests : [];
const missing = (named, found) => [
    ...new Map(named.filter(({ digest }) => !found.has(digest)).map((each) => [each.digest, each])).values(),
];
/** An index may name what another index in it names too: that comes before both. */
const inOrder = (digest, found, done = new Set()) => {
    const stored = found.get(digest);
    if (stored === undefined || done.has(stored))
        return done;
    for (const child of children(stored))
        inOrder(child.digest, found, done);
    return done.add(stored);
};
/** A manifest's own word on its type comes before that of the index, and that before the registry's. */
const stored = (named, { bytes, mediaType }, from) => {
    const actual = (0,oci_manifest/* digestOf */.ol)(bytes);
    if (actual !== named.digest)
        throw new Error(`what ${from.repository} serves as ${named.digest} hashes to ${actual}`);
    const own = JSON.parse(bytes).mediaType;
    const type = typeof own === 'string' ? own : (named.mediaType ?? mediaType);
    return {
        descriptor: { mediaType: type, digest: named.digest, size: Buffer.byteLength(bytes) },
        bytes,
        manifest: (0,oci_manifest/* parseManifest */.Ng)(bytes),
    };
};

;// CONCATENATED MODULE: ./build/lib/oci/copy.js




/**
 * Brings an image from one repository to another under the same digest, through memory: blobs are hashed on their way, four at
 * once, and then the manifests follow with their exact bytes, the images of an index before the index; each is read back and
 * compared. What is there already is not sent again, so a copy that was cut off continues where it stopped. Sets no tag.
 */
const copyImage = async (from, to, digest, options) => {
    const { retry } = options;
    const image = await readTree(from, digest, retry);
    if (image === undefined)
        throw new Error(`${digest} is not in ${from.repository} of ${from.address}`);
    const copied = { sent: 0, skipped: 0, mounted: 0, referrers: 0 };
    const transfer = transferring(from, to, retry, copied);
    await transfer(image);
    if (!options.referrers)
        return copied;
    const subjects = image.toReversed();
    const seen = new Set(subjects.map(({ descriptor }) => descriptor.digest));
    for (let subject = subjects.shift(); subject !== undefined; subject = subjects.shift()) {
        const found = [];
        for (const referrer of await referrersOf(from, subject.descriptor.digest, options)) {
            // A list that stands behind a tag may name what was deleted.
            const tree = await readTree(from, referrer, retry);
            if (tree === undefined)
                continue;
            await transfer(tree);
            found.push(...tree.slice(-1));
        }
        if (found.length > 0)
            await recordReferrers(to, subject.descriptor.digest, found, retry);
        const fresh = found.filter(({ descriptor }) => !seen.has(descriptor.digest));
        for (const { descriptor } of fresh)
            seen.add(descriptor.digest);
        copied.referrers += fresh.length;
        subjects.push(...fresh);
    }
    return copied;
};
const referrersOf = async (from, digest, options) => {
    try {
        return await listReferrers(from, digest, options.retry);
    }
    catch (error) {
        if (!isDenied(error) || options.onReferrersDenied === undefined)
            throw error;
        options.onReferrersDenied(error);
        return [];
    }
};
/** Copies the manifests of one tree with their blobs, and adds up in `copied`. A blob of several trees is asked for once. */
const transferring = (from, to, retry, copied) => {
    const mountFrom = from.address === to.address && from.repository !== to.repository ? from.repository : undefined;
    const done = new Set();
    /** Asks first on every attempt: the registry may have kept a blob whose confirmation was lost. */
    const copyBlob = async (blob) => {
        if (await to.hasBlob(blob))
            return 'skipped';
        if (isElsewhere(blob) && !(await from.hasBlob(blob)))
            return 'skipped';
        return to.putBlob(blob, () => from.getBlob(blob), mountFrom);
    };
    return async (manifests) => {
        const blobs = new Map(manifests
            .flatMap(({ manifest }) => (manifest.kind === 'image' ? [manifest.config, ...manifest.layers] : []))
            .filter(({ digest }) => !done.has(digest))
            .map((blob) => [blob.digest, blob]));
        // The largest first, so that none of them is left alone at the end.
        const queue = [...blobs.values()].toSorted((one, other) => other.size - one.size);
        await (0,push/* eachAtMost */.Wf)(push/* CONCURRENT_BLOBS */.Zp, queue, async (blob) => {
            copied[await (0,oci_retry/* withRetry */.bD)(retry, () => copyBlob(blob))] += blob.size;
            done.add(blob.digest);
        });
        for (const manifest of manifests) {
            copied[await (0,oci_retry/* withRetry */.bD)(retry, () => copyManifest(to, manifest))] += manifest.descriptor.size;
        }
    };
};
/** Layers that are fetched from their vendor: a registry takes a manifest without them (OCI image specification, layer.md). */
const isElsewhere = ({ mediaType }) => /\.(foreign|nondistributable)\./.test(mediaType);
const copyManifest = async (to, manifest) => {
    if (await isThere(to, manifest))
        return 'skipped';
    await to.putManifest(manifest);
    if (await isThere(to, manifest))
        return 'sent';
    throw new Error(`${manifest.descriptor.digest} was sent to ${to.repository}, but the registry does not answer with it: run it again`);
};
const isThere = async (to, { descriptor, bytes }) => {
    const there = await to.getManifest(descriptor.digest);
    return there?.bytes === bytes && there.mediaType === descriptor.mediaType;
};

// EXTERNAL MODULE: ./build/actions/build-push-image/src/connection.js + 5 modules
var connection = __webpack_require__(5032);
// EXTERNAL MODULE: ./build/actions/build-push-image/src/settle.js
var settle = __webpack_require__(2820);
;// CONCATENATED MODULE: ./build/actions/build-push-image/src/copy.js



/** Copy by digest, read back, tag last: a run that ends anywhere in between is finished by the next one. No docker, no disk. */
const copyFromSource = async ({ image, source, tag }, repository, ports) => {
    const { log, ledger, signal } = ports;
    const opened = [];
    const open = async (end) => {
        const registry = await end.connect(signal);
        opened.push(registry);
        return registry;
    };
    try {
        const [from, to] = await Promise.all([open(source), open(repository)]);
        const copied = await ledger.phase('copy', () => log.group('Copy', () => copyImage(from, to, image.digest, {
            referrers: true,
            onReferrersDenied: ({ message }) => log.warning(`the image is copied without its signatures, SBOMs and attestations, if it has any: ${message}`),
            retry: (0,connection.retryOf)(ports),
        })));
        log.info(`copied ${copied.sent} bytes; ${copied.mounted} bytes were mounted, ${copied.skipped} were there already`);
        return { ...(await (0,settle/* settle */.G)(image, tag, repository, ports, 'copied')), copied };
    }
    catch (error) {
        signal.throwIfAborted();
        throw error;
    }
    finally {
        for (const registry of opened)
            registry.close();
    }
};


/***/ })

};
