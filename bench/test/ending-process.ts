/* Ends when it is told anything. */
process.on('message', () => process.exit(3))
process.send!({ id: 0 })
