export const id = 930;
export const ids = [930];
export const modules = {

/***/ 5930:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ecrRegistry: () => (/* binding */ ecrRegistry)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8249);
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9794);
/* harmony import */ var _lib_refusal_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3240);



/** Without these ECR answers only for Docker's old manifest type. */
const MANIFESTS = [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.docker.distribution.manifest.v2+json',
];
const ecrRegistry = (session) => {
    const ecr = session.client(_aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_1__/* .ECRClient */ .S70);
    return {
        guard: () => session.guard(),
        digest: async (repository, image) => {
            const command = new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_1__/* .BatchGetImageCommand */ .P8n({
                registryId: session.account,
                repositoryName: repository,
                imageIds: ['tag' in image ? { imageTag: image.tag } : { imageDigest: image.digest }],
                acceptedMediaTypes: MANIFESTS,
            });
            const { images = [], failures = [] } = await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ecr:BatchGetImage', () => ecr.send(command)).catch((cause) => {
                throw (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isNamed */ .ev)(cause, 'RepositoryNotFoundException') ? missing(repository, session, cause) : cause;
            });
            const failure = failures.find(({ failureCode }) => failureCode !== 'ImageNotFound');
            const name = 'tag' in image ? image.tag : image.digest;
            if (failure)
                throw new Error(`ecr:BatchGetImage failed for ${repository}:${name}: ${failure.failureCode}: ${failure.failureReason}`);
            return images[0]?.imageId?.imageDigest;
        },
    };
};
const missing = (repository, { account, region }, cause) => new _lib_refusal_js__WEBPACK_IMPORTED_MODULE_2__/* .Refusal */ .P(`the registry ${account} in ${region} has no repository ${repository}; create it with the Registry stack: gh workflow run infra.yml`, { cause });


/***/ })

};
