export const id = 453;
export const ids = [453];
export const modules = {

/***/ 6453:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ecrRepository: () => (/* binding */ ecrRepository)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8249);
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9794);
/* harmony import */ var _lib_oci_manifest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3433);
/* harmony import */ var _lib_refusal_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3240);
/* harmony import */ var _decision_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7361);





/** One repository, of the session's account and region unless the options say another place. */
const ecrRepository = (session, options) => {
    const { account, region } = options.at ?? session;
    const { ledger } = options;
    const ecr = session.client(_aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_2__/* .ECRClient */ .S70, region);
    const remedy = options.at === undefined ? "Create it, or correct 'repository'" : "Correct 'source'";
    const address = { registryId: account, repositoryName: options.repository };
    const ask = (operation, send) => {
        ledger.count(operation);
        return (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)(operation, send);
    };
    const read = async (imageIds) => {
        const input = { ...address, imageIds, acceptedMediaTypes: _lib_oci_manifest_js__WEBPACK_IMPORTED_MODULE_1__/* .MANIFEST_TYPES */ ._P };
        const answer = await ask('ecr:BatchGetImage', () => ecr.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_2__/* .BatchGetImageCommand */ .P8n(input))).catch((cause) => {
            if (!(0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isNamed */ .ev)(cause, 'RepositoryNotFoundException'))
                throw cause;
            const text = `repository '${options.repository}' does not exist in account ${account}, region ${region}; nothing was changed. ${remedy}`;
            throw new _lib_refusal_js__WEBPACK_IMPORTED_MODULE_3__/* .Refusal */ .P(text, { cause });
        });
        const failure = answer.failures?.find(({ failureCode }) => failureCode !== 'ImageNotFound');
        if (failure) {
            const { imageTag, imageDigest } = failure.imageId ?? {};
            throw new Error(`ECR cannot read ${imageTag ?? imageDigest} of ${options.repository}: ${failure.failureCode}: ${failure.failureReason}`);
        }
        return answer;
    };
    return {
        guard: async () => {
            ledger.count('sts:GetCallerIdentity');
            await session.guard();
        },
        find: async ({ tags, digests = [] }) => {
            const ids = [...tags.map((imageTag) => ({ imageTag })), ...digests.map((imageDigest) => ({ imageDigest }))];
            const found = new Map();
            for (const { imageId, imageManifest = '', imageManifestMediaType = '' } of (await read(ids)).images ?? []) {
                const { imageTag, imageDigest = '' } = imageId ?? {};
                const image = { digest: imageDigest, mediaType: imageManifestMediaType, manifest: imageManifest };
                const exact = (0,_lib_oci_manifest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestOf */ .ol)(imageManifest) === imageDigest ? image : await unconverted(imageDigest);
                for (const name of imageTag === undefined ? [imageDigest] : [imageTag, imageDigest])
                    found.set(name, exact);
            }
            return found;
        },
        tagRule: async (tag) => {
            const input = { registryId: account, repositoryNames: [options.repository] };
            try {
                const answer = await ask('ecr:DescribeRepositories', () => ecr.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_2__/* .DescribeRepositoriesCommand */ .pE_(input)));
                const { imageTagMutability, imageTagMutabilityExclusionFilters = [] } = answer.repositories?.[0] ?? {};
                const filters = imageTagMutabilityExclusionFilters.flatMap(({ filter }) => filter ?? []);
                return (0,_decision_js__WEBPACK_IMPORTED_MODULE_4__/* .isFixed */ .z)(tag, { imageTagMutability, filters }) ? 'fixed' : 'movable';
            }
            catch (error) {
                if (!(0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isNamed */ .ev)(error, 'AccessDeniedException'))
                    throw error;
                options.log.info(`whether the tag '${tag}' may be moved is not known before ECR is asked to: allow ecr:DescribeRepositories to see it earlier`);
                return 'unknown';
            }
        },
        connect: async (signal) => (await __webpack_require__.e(/* import() */ 32).then(__webpack_require__.bind(__webpack_require__, 5032))).connect(await credentials(signal)),
        openUpload: async (signal) => (await Promise.all(/* import() */[__webpack_require__.e(32), __webpack_require__.e(594)]).then(__webpack_require__.bind(__webpack_require__, 9594))).uploadTo(await credentials(signal)),
        putTag: async ({ digest, manifest, mediaType }, tag) => {
            const input = { ...address, imageTag: tag, imageManifest: manifest, imageManifestMediaType: mediaType, imageDigest: digest };
            await ask('ecr:PutImage', () => session.clientWithoutRetry(_aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_2__/* .ECRClient */ .S70).send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_2__/* .PutImageCommand */ .SUU(input)));
        },
    };
    /** The address is the caller's own registry unless another is asked for; the token opens all that the caller may use. */
    async function credentials(signal) {
        const input = options.at === undefined ? {} : { registryIds: [account] };
        const { authorizationData } = await ask('ecr:GetAuthorizationToken', () => ecr.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_2__/* .GetAuthorizationTokenCommand */ .Eu6(input)));
        const { authorizationToken: token = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {};
        return { ...options, token, address: proxyEndpoint, signal, label: options.at === undefined ? 'registry' : 'source' };
    }
    /** ECR may convert what it serves by tag, never what it serves by digest (user guide, image manifest formats). */
    async function unconverted(imageDigest) {
        const [image] = (await read([{ imageDigest }])).images ?? [];
        const manifest = image?.imageManifest ?? '';
        if ((0,_lib_oci_manifest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestOf */ .ol)(manifest) !== imageDigest)
            throw new Error(`what ECR serves as ${imageDigest} hashes to ${(0,_lib_oci_manifest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestOf */ .ol)(manifest)}`);
        return { digest: imageDigest, mediaType: image?.imageManifestMediaType ?? '', manifest };
    }
};


/***/ })

};
