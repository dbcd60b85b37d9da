import { DatabaseSync } from "node:sqlite";

/**
 * Opens the sandbox's database in `dataFile`; ":memory:" keeps nothing. Writes are in the file before the call is
 * answered. So a killed process loses nothing; a power failure can.
 */
export function openDatabase(dataFile: string): DatabaseSync {
  const database = new DatabaseSync(dataFile);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS audits (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      identity TEXT NOT NULL UNIQUE,
      organizationId TEXT NOT NULL,
      userId TEXT NOT NULL,
      request TEXT NOT NULL,
      status TEXT NOT NULL,
      resolutionCode INTEGER,
      resolutionDescription TEXT,
      createdAt INTEGER NOT NULL,
      startedAt INTEGER,
      closedAt INTEGER,
      createCalls INTEGER NOT NULL
    );
    CREATE INDEX IF NOT EXISTS auditsByStatus ON audits (status, createdAt);
    CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, issuer TEXT, expiresAt INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS subscriptions (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      organizationId TEXT NOT NULL,
      eventName TEXT NOT NULL,
      webhookUrl TEXT NOT NULL,
      enabled INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS notifications (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      organizationId TEXT NOT NULL,
      subscriptionId TEXT NOT NULL,
      eventName TEXT NOT NULL,
      body TEXT NOT NULL,
      status TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      createdAt INTEGER NOT NULL,
      lastAttemptAt INTEGER NOT NULL,
      statusCode INTEGER,
      errorMessage TEXT
    );
    CREATE TABLE IF NOT EXISTS rewards (
      organizationId TEXT NOT NULL,
      userId TEXT NOT NULL,
      transactionId TEXT NOT NULL,
      status TEXT NOT NULL,
      amountInCents INTEGER NOT NULL,
      commissionInCents INTEGER NOT NULL,
      createdAt INTEGER NOT NULL,
      PRIMARY KEY (organizationId, userId, transactionId)
    );
    CREATE TABLE IF NOT EXISTS requests (route TEXT PRIMARY KEY, calls INTEGER NOT NULL);
  `);
  return database;
}
