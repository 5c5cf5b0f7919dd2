export const id = 835;
export const ids = [835];
export const modules = {

/***/ 835:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   gitHubClient: () => (/* binding */ gitHubClient)
/* harmony export */ });
/**
 * Loaded only where a token was given. `apiUrl` is the runner's `GITHUB_API_URL`, so that GitHub Enterprise Server works.
 * `repository` is `owner/name`.
 */
const gitHubClient = async (token, repository, apiUrl) => {
    const { getOctokit } = await __webpack_require__.e(/* import() */ 413).then(__webpack_require__.bind(__webpack_require__, 2413));
    const [owner = '', repo = ''] = repository.split('/');
    const { rest, paginate } = getOctokit(token, apiUrl === '' ? {} : { baseUrl: apiUrl });
    return { rest, paginate, owner, repo };
};


/***/ })

};
