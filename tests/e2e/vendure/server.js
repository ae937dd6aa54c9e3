// A plain Vendure shop in memory on a free port: node server.js FD
// It names its address on the file descriptor FD and ends when its standard input does.
const fs = require('fs');
const { bootstrap, DefaultLogger, dummyPaymentHandler, JobQueueService, LogLevel } = require('@vendure/core');

const config = {
  apiOptions: { hostname: '127.0.0.1', port: 0, adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: {
    tokenMethod: ['bearer', 'api-key'],
    requireVerification: false,
    superadminCredentials: { identifier: process.env.SHOP_USER, password: process.env.SHOP_PASSWORD },
  },
  dbConnectionOptions: { type: 'sqljs', synchronize: true, logging: false },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  importExportOptions: { importAssetsDir: process.cwd() },
  logger: new DefaultLogger({ level: LogLevel.Warn, timestamp: false }),
  plugins: [],
};

process.stdin.on('end', () => process.exit(0)).resume();
bootstrap(config)
  .then(async app => {
    await app.get(JobQueueService).start();
    const url = `http://127.0.0.1:${app.getHttpServer().address().port}`;
    fs.writeSync(Number(process.argv[2]), JSON.stringify({ url }) + '\n');
  })
  .catch(error => {
    console.error(error);
    process.exit(1);
  });
