export const id = 594;
export const ids = [594];
export const modules = {

/***/ 9594:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   uploadTo: () => (/* binding */ uploadTo)
/* harmony export */ });
/* harmony import */ var _lib_oci_push_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2284);
/* harmony import */ var _connection_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5032);


/** What it answers with pushes one image by digest, and is then of no more use. */
const uploadTo = (options) => {
    const connection = (0,_connection_js__WEBPACK_IMPORTED_MODULE_1__.connect)(options);
    return async (image) => {
        try {
            return await (0,_lib_oci_push_js__WEBPACK_IMPORTED_MODULE_0__/* .pushImage */ .GH)(image, connection, (0,_connection_js__WEBPACK_IMPORTED_MODULE_1__.retryOf)(options));
        }
        finally {
            connection.close();
        }
    };
};


/***/ })

};
