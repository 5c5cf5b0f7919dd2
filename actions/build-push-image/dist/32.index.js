export const id = 32;
export const ids = [32];
export const modules = {

/***/ 5032:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  connect: () => (/* binding */ connect),
  retryOf: () => (/* binding */ retryOf)
});

// EXTERNAL MODULE: ./build/lib/oci/push.js
var push = __webpack_require__(2284);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
// EXTERNAL MODULE: external "node:tls"
var external_node_tls_ = __webpack_require__(1692);
// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
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
    const open = async ({ method, url, headers = {}, body, signal }) => {
        assertSafe(url);
        const length = typeof body === 'string' || method === 'POST'
            ? { 'content-length': Buffer.byteLength(typeof body === 'string' ? body : '') }
            : {};
        const options = { method, headers: { ...length, ...headers }, ...(signal && { signal }) };
        const request = url.protocol === 'https:'
            ? (0,external_node_https_.request)(url, { ...options, agent: agents.https })
            : (0,external_node_http_.request)(url, { ...options, agent: agents.http });
        let received;
        request.once('response', (response) => {
            received = response;
        });
        request.setTimeout(idle, () => {
            const error = timeout(url, idle);
            // Its reader would otherwise only hear that it broke off.
            received?.destroy(error);
            request.destroy(error);
        });
        return exchange(request, body);
    };
    return {
        open,
        send: async (request) => collect(await open(request)),
        close: () => {
            agents.http.destroy();
            agents.https.destroy();
        },
    };
};
/** A registry may answer and hang up before it has read the whole body; then the answer counts, not the broken pipe. */
const exchange = (request, body) => new Promise((resolve, reject) => {
    let answer;
    request.once('response', (response) => {
        answer = response;
        resolve(response);
    });
    request.on('error', reject);
    if (body === undefined || typeof body === 'string')
        return void request.end(body);
    sendChunks(body, request).catch((error) => {
        reject(error);
        if (answer === undefined || answer.closed)
            request.destroy();
        else
            answer.once('close', () => request.destroy());
    });
});
const sendChunks = async (body, request) => {
    for await (const chunk of body) {
        await new Promise((resolve, reject) => {
            request.write(chunk, (error) => (error ? reject(error) : resolve()));
        });
    }
    request.end();
};
/** Of answers that are not content; what is longer is cut. */
const collect = async (response) => {
    let body = '';
    response.setEncoding('utf8');
    for await (const chunk of response)
        if (body.length < 10_000)
            body += chunk;
    return { status: response.statusCode ?? 0, headers: response.headers, body };
};
const timeout = (url, idle) => Object.assign(new Error(`${url.host} sent nothing for ${idle / 1000} s`), { name: 'TimeoutError' });

;// CONCATENATED MODULE: ./build/lib/oci/download.js



const BUFFER = 524_288;
const LONGEST_HEAD = 65_536;
/**
 * A GET of one large body over a connection of its own, read into the same buffers again and again. node:http makes and copies a new
 * buffer for every 64 KiB: as much work as all the rest of a copy, and memory that grows until it is collected. Understands an
 * answer with a length, and no other; for those ask again by node:http.
 */
const download = async ({ url, headers, idle, signal }) => {
    assertSafe(url);
    signal?.throwIfAborted();
    const reader = socketReader(url, idle);
    const abort = () => void reader.socket.destroy(new Error('aborted', { cause: signal?.reason }));
    signal?.addEventListener('abort', abort, { once: true });
    reader.socket.once('close', () => signal?.removeEventListener('abort', abort));
    try {
        const lines = Object.entries({ host: url.host, connection: 'close', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
        reader.socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`);
        const { status, fields, rest } = await readHead(reader.next);
        const length = fields.has('transfer-encoding') ? Number.NaN : Number(fields.get('content-length') ?? Number.NaN);
        if (status === 200 && Number.isSafeInteger(length))
            return { status, length, body: chunks(reader, rest, length) };
        reader.socket.destroy();
        return { status: status === 200 ? 0 : status, location: fields.get('location') };
    }
    catch (error) {
        reader.socket.destroy();
        throw error;
    }
};
/**
 * Reads little more than what it is asked for: the rest waits in the kernel, and the sender with it. TLS hands over what it has
 * decrypted although it was told to stop, so there are as many buffers as were ever needed at once.
 */
const socketReader = (url, idle) => {
    const free = [];
    const queue = [];
    let held;
    let waiting;
    let broken;
    const hand = (chunk) => {
        held = chunk;
        return chunk.bytes;
    };
    const onread = {
        buffer: () => free.pop() ?? Buffer.allocUnsafeSlow(BUFFER),
        callback: (count, buffer) => {
            const chunk = { buffer, bytes: Buffer.from(buffer.buffer, buffer.byteOffset, count) };
            if (waiting === undefined)
                queue.push(chunk);
            else
                waiting.resolve(hand(chunk));
            waiting = undefined;
            return false;
        },
    };
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const secure = url.protocol === 'https:';
    const to = { host, port: Number(url.port || (secure ? 443 : 80)), onread };
    const socket = secure ? (0,external_node_tls_.connect)({ ...to, ...((0,external_node_net_.isIP)(host) === 0 && { servername: host }) }) : (0,external_node_net_.connect)(to);
    const fail = (error) => {
        broken ??= error;
        waiting?.reject(broken);
        waiting = undefined;
    };
    socket.setTimeout(idle, () => waiting !== undefined && socket.destroy(timeout(url, idle)));
    socket.on('error', fail);
    const reset = () => Object.assign(new Error(`${url.host} ended the connection`), { code: 'ECONNRESET' });
    socket.on('end', () => fail(reset()));
    socket.on('close', () => fail(reset()));
    return {
        socket,
        next: () => new Promise((resolve, reject) => {
            if (held !== undefined)
                free.push(held.buffer);
            held = undefined;
            const chunk = queue.shift();
            if (chunk !== undefined)
                resolve(hand(chunk));
            else if (broken !== undefined)
                reject(broken);
            else
                waiting = { resolve, reject };
            if (queue.length === 0)
                socket.resume();
        }),
    };
};
const readHead = async (next) => {
    let text = Buffer.alloc(0);
    for (let end = -1;;) {
        text = Buffer.concat([text, await next()]);
        end = text.indexOf('\r\n\r\n');
        if (end < 0 && text.length > LONGEST_HEAD)
            throw new Error('the head of an answer is longer than 64 KiB');
        if (end < 0)
            continue;
        const [first = '', ...lines] = text.toString('latin1', 0, end).split('\r\n');
        const fields = lines.map((line) => {
            const colon = line.indexOf(':');
            return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        });
        return {
            status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0),
            fields: new Map(fields),
            rest: text.subarray(end + 4),
        };
    }
};
const chunks = ({ socket, next }, first, length) => ({
    destroy: () => void socket.destroy(),
    async *[Symbol.asyncIterator]() {
        let left = length;
        try {
            for (let chunk = first;; chunk = await next()) {
                left -= chunk.length;
                if (chunk.length > 0)
                    yield chunk;
                if (left <= 0)
                    return;
            }
        }
        finally {
            socket.destroy();
        }
    },
});

// EXTERNAL MODULE: ./build/lib/oci/manifest.js
var manifest = __webpack_require__(3433);
// EXTERNAL MODULE: ./build/lib/oci/read.js
var read = __webpack_require__(6132);
// EXTERNAL MODULE: ./build/lib/oci/retry.js
var retry = __webpack_require__(8456);
;// CONCATENATED MODULE: ./build/lib/oci/refused.js

const WRITE = 'ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage';
const READ = 'ecr:BatchGetImage and ecr:GetDownloadUrlForLayer';
/** ECR has no action for lists of referrers alone (API reference, ListImageReferrers). */
const LIST = 'ecr:BatchGetImage';
/** An answer that is an error. Registries answer `{ errors: [{ code, message }] }`; proxies before them answer anything. */
const refused = (request, repository, { status, headers, body }, now) => {
    const said = registryMessage(body) || 'no explanation';
    const denied = status === 401 || status === 403;
    const hint = denied ? `; allow ${actionsFor(request)} on the repository to the role of this job` : '';
    const message = `the registry answered ${status} to ${request} ${repository}: ${said}${hint}`;
    return new retry/* RegistryError */.gl(message, status, (0,retry/* parseRetryAfter */.mu)(headers['retry-after'], now));
};
/** Says in an error of the network which request it broke; by itself it only says how. */
const unanswered = (request, repository) => (error) => {
    if ((0,retry/* isTransient */.dg)(error))
        error.message = `the registry did not answer ${request} ${repository}: ${error.message}`;
    throw error;
};
const actionsFor = (request) => (request === 'GET referrers' ? LIST : request.startsWith('GET ') ? READ : WRITE);
const registryMessage = (body) => {
    try {
        const { errors } = JSON.parse(body);
        return (errors ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(': ')).join('; ');
    }
    catch {
        return body.replaceAll(/\s+/g, ' ').slice(0, 200);
    }
};

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./build/lib/oci/verify.js

/** The bytes are not those that the digest names. Reading them again would not help. */
class DamagedBlob extends Error {
    name = 'DamagedBlob';
}
/**
 * Passes bytes through unchanged, and throws a `DamagedBlob` if they are not what the descriptor names: before the last of them, so
 * that whoever receives damaged bytes never has as many as were announced.
 */
async function* verified(content, { digest, size }) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    let bytes = 0;
    const check = () => {
        const actual = `sha256:${hash.digest('hex')}`;
        if (actual !== digest)
            throw new DamagedBlob(`the content of ${digest} hashes to ${actual} (${bytes} of ${size} bytes)`);
    };
    for await (const chunk of content) {
        bytes += chunk.length;
        if (bytes > size)
            throw new DamagedBlob(`${digest} is longer than its ${size} bytes`);
        hash.update(chunk);
        if (bytes === size)
            check();
        yield chunk;
    }
    if (bytes < size || size === 0)
        check();
}

;// CONCATENATED MODULE: ./build/lib/oci/registry.js






const REDIRECTS = [301, 302, 303, 307, 308];
/** From here on a blob is worth a connection of its own. */
const LARGE = 1_048_576;
const MOST_REDIRECTS = 5;
const MOST_PAGES = 100;
const ofLength = ({ digest, size }, length, content) => {
    if (length === size)
        return content;
    content.destroy();
    throw new DamagedBlob(`${digest} has ${length} bytes in the registry, but ${size} in its manifest`);
};
const openRegistry = (options) => {
    const address = new URL(options.address);
    assertSafe(address);
    const http = openHttp(options.connections, options.idle);
    const at = (path) => new URL(`/v2/${options.repository}/${path}`, address);
    const authorized = (request) => {
        const own = request.url.origin === address.origin;
        const authorization = own ? { authorization: `Basic ${options.token}` } : {};
        return { ...request, headers: { ...request.headers, ...authorization }, signal: options.signal };
    };
    const refuse = (name, answer) => {
        throw refused(name, options.repository, answer, options.now());
    };
    const send = async (name, expected, request) => {
        options.onRequest(name);
        const answer = await http.send(authorized(request)).catch(unanswered(name, options.repository));
        return expected.includes(answer.status) ? answer : refuse(name, answer);
    };
    const get = async (name, expected, url, headers = {}) => {
        let next = url;
        for (let hops = 0;; hops++) {
            options.onRequest(hops === 0 ? name : `${name}, redirected`);
            const request = authorized({ method: 'GET', url: next, headers });
            const response = await http.open(request).catch(unanswered(name, options.repository));
            const status = response.statusCode ?? 0;
            if (expected.includes(status))
                return response;
            const { location } = response.headers;
            if (!REDIRECTS.includes(status) || location === undefined || hops === MOST_REDIRECTS) {
                return refuse(name, await collect(response));
            }
            response.resume();
            next = new URL(location, next);
        }
    };
    /** Undefined where the answer is one that `get` understands better. */
    const getLarge = async (blob) => {
        let url = at(`blobs/${blob.digest}`);
        for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
            options.onRequest(hops === 0 ? 'GET blob' : 'GET blob, redirected');
            const { headers = {} } = authorized({ method: 'GET', url });
            const answer = await download({ url, headers, idle: options.idle, signal: options.signal });
            if (answer.body !== undefined)
                return ofLength(blob, answer.length, answer.body);
            if (!REDIRECTS.includes(answer.status) || answer.location === undefined)
                return undefined;
            url = new URL(answer.location, url);
        }
        return undefined;
    };
    return {
        address: address.origin,
        repository: options.repository,
        hasBlob: async ({ digest }) => {
            // A redirect to where the blob is kept says that it is there.
            const request = { method: 'HEAD', url: at(`blobs/${digest}`) };
            return (await send('HEAD blob', [200, 302, 307, 404], request)).status !== 404;
        },
        getBlob: async (blob) => {
            const large = blob.size >= LARGE ? await getLarge(blob) : undefined;
            if (large !== undefined)
                return large;
            const response = await get('GET blob', [200], at(`blobs/${blob.digest}`));
            return ofLength(blob, Number(response.headers['content-length'] ?? blob.size), response);
        },
        putBlob: async (blob, open, mountFrom) => {
            const start = at('blobs/uploads/');
            if (mountFrom !== undefined)
                start.search = `mount=${encodeURIComponent(blob.digest)}&from=${encodeURIComponent(mountFrom)}`;
            const started = await send('POST upload', mountFrom === undefined ? [202] : [201, 202], { method: 'POST', url: start });
            if (started.status === 201)
                return 'mounted';
            const url = new URL(started.headers.location ?? '', address);
            // Appended as text: the registry's own state in the query must come back as it was sent.
            url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(blob.digest)}`;
            const headers = { 'content-length': String(blob.size), 'content-type': 'application/octet-stream' };
            const content = await open();
            // One that comes after its end has nobody left to tell.
            content.on?.('error', () => undefined);
            try {
                await send('PUT blob', [201], { method: 'PUT', url, headers, body: verified(content, blob) });
            }
            finally {
                content.destroy();
            }
            return 'sent';
        },
        getManifest: async (reference) => {
            const accept = { accept: manifest/* MANIFEST_TYPES */._P.join(', ') };
            return (0,read/* manifestAnswer */.ci)(reference, await get('GET manifest', [200, 404], at(`manifests/${reference}`), accept));
        },
        putManifest: async ({ descriptor, bytes }, tag) => {
            const url = at(`manifests/${tag ?? descriptor.digest}`);
            const headers = { 'content-type': descriptor.mediaType };
            await send('PUT manifest', [201], { method: 'PUT', url, headers, body: bytes });
        },
        getReferrers: async (digest) => {
            const pages = [];
            for (let url = at(`referrers/${digest}`); url !== undefined;) {
                const response = await get('GET referrers', [200, 404, 405], url);
                const { link } = response.headers;
                const page = await (0,read/* manifestAnswer */.ci)(`referrers of ${digest}`, response);
                if (page === undefined)
                    return undefined;
                if (pages.push(page.bytes) === MOST_PAGES)
                    throw new Error(`${digest} has more than ${MOST_PAGES} pages of referrers`);
                url = (0,read/* nextPage */.Zj)(link, url);
            }
            return pages;
        },
        close: http.close,
    };
};

;// CONCATENATED MODULE: ./build/actions/build-push-image/src/connection.js


const ATTEMPTS = 6;
const connect = ({ clock, ledger, label, requestTimeout, ...registry }) => openRegistry({
    ...registry,
    connections: push/* CONCURRENT_BLOBS */.Zp,
    idle: requestTimeout,
    now: clock.now,
    onRequest: (name) => ledger.count(`${label}: ${name}`),
});
/** How what is sent to a registry is tried again. Cancelling ends the wait. */
const retryOf = ({ clock, random, log, signal }) => ({
    attempts: ATTEMPTS,
    sleep: (wait) => clock.sleep(wait, signal),
    random,
    onRetry: (error, wait) => log.info(`${error.message}; again in ${Math.round(wait / 100) / 10} s`),
});


/***/ }),

/***/ 2284:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GH: () => (/* binding */ pushImage),
/* harmony export */   Wf: () => (/* binding */ eachAtMost),
/* harmony export */   Zp: () => (/* binding */ CONCURRENT_BLOBS)
/* harmony export */ });
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8456);

const CONCURRENT_BLOBS = 4;
/**
 * Brings an image into a repository by digest: blobs first, four at once, then the manifests with their exact bytes. What
 * is there already is not sent again, so a push that was cut off continues where it stopped. Sets no tag.
 */
const pushImage = async (image, registry, retry) => {
    const pushed = { sent: 0, skipped: 0 };
    await eachAtMost(CONCURRENT_BLOBS, image.blobs, async (blob) => {
        const sent = await (0,_retry_js__WEBPACK_IMPORTED_MODULE_0__/* .withRetry */ .bD)(retry, () => pushBlob(image, registry, blob));
        pushed[sent ? 'sent' : 'skipped'] += blob.size;
    });
    for (const manifest of image.manifests) {
        await (0,_retry_js__WEBPACK_IMPORTED_MODULE_0__/* .withRetry */ .bD)(retry, () => registry.putManifest(manifest));
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
/** Works on `limit` items at a time. The first error ends all workers, and is thrown once they have stopped. */
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
