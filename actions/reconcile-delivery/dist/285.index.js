export const id = 285;
export const ids = [285];
export const modules = {

/***/ 2285:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   platforms: () => (/* binding */ platforms)
/* harmony export */ });
/** Loads an adapter only where there is something to look at: most projects use one target. */
const later = (load) => ({
    look: async (places) => (places.length === 0 ? [] : (await load()).look(places)),
});
/** What can be asked with the right to read. Hosts are not among it: they answer only to a command, which may not be sent. */
const platforms = (session) => ({
    ecs: later(async () => (await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(212), __webpack_require__.e(59)]).then(__webpack_require__.bind(__webpack_require__, 5059))).ecsPlatform(session)),
    lambda: later(async () => (await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(315), __webpack_require__.e(847)]).then(__webpack_require__.bind(__webpack_require__, 2847))).lambdaPlatform(session)),
});


/***/ })

};
