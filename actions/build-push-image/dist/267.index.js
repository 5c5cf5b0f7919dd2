export const id = 267;
export const ids = [267];
export const modules = {

/***/ 1267:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  uploadTo: () => (/* binding */ uploadTo)
});

// EXTERNAL MODULE: ./build/lib/oci/retry.js
var oci_retry = __webpack_require__(8456);
;// CONCATENATED MODULE: ./build/lib/oci/push.js

const CONCURRENT_BLOBS = 4;
/**
 * Brings an image into a repository by digest: blobs first, four at once, then the manifests with their exact bytes. What
 * is there already is not sent again, so a push that was cut off continues where it stopped. Sets no tag.
 */
const pushImage = async (image, registry, retry) => {
    const pushed = { sent: 0, skipped: 0 };
    await eachAtMost(CONCURRENT_BLOBS, image.blobs, async (blob) => {
        const sent = await (0,oci_retry/* withRetry */.bD)(retry, () => pushBlob(image, registry, blob));
        pushed[sent ? 'sent' : 'skipped'] += blob.size;
    });
    for (const manifest of image.manifests) {
        await (0,oci_retry/* withRetry */.bD)(retry, () => registry.putManifest(manifest));
        pushed.sent += manifest.descriptor.size;
    }
    return pushed;
};
/** Asks first on every attempt: the registry may have kept a blob whose confirmation was lost. */
const pushBlob = async (image, registry, blob) => {
    if (await registry.hasBlob(blob))
        return false;
    await registry.putBlob(blob, () => image.open(blob));
    return true;
};
/** The first error ends all workers, and is thrown once they have stopped. */
const eachAtMost = async (limit, items, work) => {
    const queue = [...items];
    const worker = async () => {
        for (let item = queue.shift(); item !== undefined; item = queue.shift())
            await work(item);
    };
    const workers = Array.from({ length: Math.min(limit, items.length) }, () => worker().catch((error) => {
        queue.length = 0;
        throw error;
    }));
    const failed = (await Promise.allSettled(workers)).find((result) => result.status === 'rejected');
    if (failed)
        throw failed.reason;
};

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
// EXTERNAL MODULE: external "node:stream/promises"
var promises_ = __webpack_require__(6466);
// EXTERNAL MODULE: ./build/lib/refusal.js
var refusal = __webpack_require__(3240);
;// CONCATENATED MODULE: ./build/lib/oci/http.js




const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** Everything is sent by https; only this machine itself may be spoken to in the clear. */
const assertSafe = (url) => {
    if (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
        return;
    throw new refusal/* Refusal */.P(`the registry address '${url.origin}' is not https, and credentials are not sent to it in the clear`);
};
/** `idle` milliseconds without a byte in either direction end a request with an error named `TimeoutError`. */
const openHttp = (connections, idle) => {
    const agents = {
        http: new external_node_http_.Agent({ keepAlive: true, maxSockets: connections }),
        https: new external_node_https_.Agent({ keepAlive: true, maxSockets: connections }),
    };
    return {
        send: ({ method, url, headers = {}, body, signal }) => {
            assertSafe(url);
            const length = typeof body === 'string' || method === 'POST'
                ? { 'content-length': Buffer.byteLength(typeof body === 'string' ? body : '') }
                : {};
            const options = { method, headers: { ...length, ...headers }, ...(signal && { signal }) };
            const request = url.protocol === 'https:'
                ? (0,external_node_https_.request)(url, { ...options, agent: agents.https })
                : (0,external_node_http_.request)(url, { ...options, agent: agents.http });
            request.setTimeout(idle, () => request.destroy(timeout(url, idle)));
            return exchange(request, body);
        },
        close: () => {
            agents.http.destroy();
            agents.https.destroy();
        },
    };
};
/** A registry may answer and hang up before it has read the whole body; then the answer counts, not the broken pipe. */
const exchange = (request, body) => new Promise((resolve, reject) => {
    let answered = false;
    request.once('response', (response) => {
        answered = true;
        collect(response).then(resolve, reject);
    });
    request.on('error', (error) => !answered && reject(error));
    if (body === undefined || typeof body === 'string')
        request.end(body);
    else
        (0,promises_.pipeline)(body, request).catch((error) => !answered && reject(error));
});
/** Answers of a registry to these methods are short; what is longer is cut. */
const collect = async (response) => {
    let body = '';
    response.setEncoding('utf8');
    for await (const chunk of response)
        if (body.length < 10_000)
            body += chunk;
    return { status: response.statusCode ?? 0, headers: response.headers, body };
};
const timeout = (url, idle) => Object.assign(new Error(`${url.host} sent nothing for ${idle / 1000} s`), { name: 'TimeoutError' });

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
;// CONCATENATED MODULE: ./build/lib/oci/verify.js


/** The bytes are not those that the digest names. Reading them again would not help. */
class DamagedBlob extends Error {
    name = 'DamagedBlob';
}
/** Passes bytes through unchanged, and ends with a `DamagedBlob` if they are not what the descriptor names. */
const verifying = ({ digest, size }) => {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    let bytes = 0;
    return new external_node_stream_.Transform({
        transform(chunk, _, done) {
            hash.update(chunk);
            bytes += chunk.length;
            done(bytes > size ? new DamagedBlob(`${digest} is longer than its ${size} bytes`) : null, chunk);
        },
        flush(done) {
            const actual = `sha256:${hash.digest('hex')}`;
            done(actual === digest ? null : new DamagedBlob(`the content of ${digest} hashes to ${actual} (${bytes} of ${size} bytes)`));
        },
    });
};

;// CONCATENATED MODULE: ./build/lib/oci/registry.js



const openRegistry = (options) => {
    const address = new URL(options.address);
    assertSafe(address);
    const http = openHttp(options.connections, options.idle);
    const base = `/v2/${options.repository}`;
    const send = async (name, expected, request) => {
        const own = request.url.origin === address.origin;
        const authorization = own ? { authorization: `Basic ${options.token}` } : {};
        options.onRequest(name);
        const answer = await http.send({ ...request, headers: { ...request.headers, ...authorization }, signal: options.signal });
        if (expected.includes(answer.status))
            return answer;
        throw refused(`${name} ${options.repository}`, answer, options.now());
    };
    return {
        hasBlob: async ({ digest }) => {
            const url = new URL(`${base}/blobs/${digest}`, address);
            // A redirect to where the blob is kept says that it is there.
            return (await send('HEAD blob', [200, 302, 307, 404], { method: 'HEAD', url })).status !== 404;
        },
        putBlob: async (blob, open) => {
            const started = await send('POST upload', [202], { method: 'POST', url: new URL(`${base}/blobs/uploads/`, address) });
            const url = new URL(started.headers.location ?? '', address);
            // Appended as text: the registry's own state in the query must come back as it was sent.
            url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(blob.digest)}`;
            const headers = { 'content-length': String(blob.size), 'content-type': 'application/octet-stream' };
            const content = open();
            const checked = verifying(blob);
            content.on('error', (error) => checked.destroy(error));
            // Errors reach us through the request; one that comes after its end has nobody left to tell.
            checked.on('error', () => undefined);
            try {
                await send('PUT blob', [201], { method: 'PUT', url, headers, body: content.pipe(checked) });
            }
            finally {
                content.destroy();
            }
        },
        putManifest: async ({ descriptor, bytes }) => {
            const url = new URL(`${base}/manifests/${descriptor.digest}`, address);
            const headers = { 'content-type': descriptor.mediaType };
            await send('PUT manifest', [201], { method: 'PUT', url, headers, body: bytes });
        },
        close: http.close,
    };
};
/** Registries answer `{ errors: [{ code, message }] }`; proxies before them answer anything. */
const refused = (request, { status, headers, body }, now) => {
    const said = registryMessage(body) || 'no explanation';
    const hint = status === 401 || status === 403
        ? '; allow ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage on the repository to the role of this job'
        : '';
    const message = `the registry answered ${status} to ${request}: ${said}${hint}`;
    return new oci_retry/* RegistryError */.gl(message, status, (0,oci_retry/* parseRetryAfter */.mu)(headers['retry-after'], now));
};
const registryMessage = (body) => {
    try {
        const { errors } = JSON.parse(body);
        return (errors ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(': ')).join('; ');
    }
    catch {
        return body.replaceAll(/\s+/g, ' ').slice(0, 200);
    }
};

;// CONCATENATED MODULE: ./build/actions/build-push-image/src/upload.js


const ATTEMPTS = 6;
/** What it answers with pushes one image by digest, and is then of no more use. */
const uploadTo = ({ clock, random, log, ledger, signal, requestTimeout, ...registry }) => {
    const connection = openRegistry({
        ...registry,
        signal,
        connections: CONCURRENT_BLOBS,
        idle: requestTimeout,
        now: clock.now,
        onRequest: (name) => ledger.count(`registry: ${name}`),
    });
    const onRetry = (error, wait) => log.info(`${error.message}; again in ${Math.round(wait / 100) / 10} s`);
    const retry = { attempts: ATTEMPTS, sleep: (wait) => clock.sleep(wait, signal), random, onRetry };
    return async (image) => {
        try {
            return await pushImage(image, connection, retry);
        }
        finally {
            connection.close();
        }
    };
};


/***/ })

};
