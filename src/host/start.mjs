// `npm start`: serves the page and opens it where there is a desktop. `npm start -- --port 5180 --no-open`.
import { createServer } from 'vite'
import { root } from './build.mjs'

const isDesktop = process.platform === 'darwin' || process.platform === 'win32'
  || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)
const portAt = process.argv.indexOf('--port')
const port = portAt === -1 ? {} : { port: Number(process.argv[portAt + 1]), strictPort: true }
const open = isDesktop && !process.env.CI && !process.argv.includes('--no-open')

const server = await createServer({ root, server: { open, ...port } })
await server.listen()
server.printUrls()
