export type { AssetView } from './cloudinary/asset.ts';
export type { CountersView } from './cloudinary/counters.ts';
export { type CloudinaryEmulator, startCloudinary } from './cloudinary/emulator.ts';
export type { Fault, Faults, FaultWhen, RouteGroup } from './cloudinary/fault.ts';
export type { CloudinaryOptions, Limits } from './cloudinary/settings.ts';
export { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './local-cloud.ts';
export type { TokenClaims } from './sqld/jwt.ts';
export { type Sqld, type SqldOptions, startSqld } from './sqld/sqld.ts';
