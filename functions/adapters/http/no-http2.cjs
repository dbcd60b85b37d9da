// Bundles have this instead of `node:http2`, which undici loads although `openConnections` never uses HTTP/2.
module.exports = { constants: {} };
