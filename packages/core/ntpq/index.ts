/** ntpd and its kin: what ntpq and ntpdate print. Signs are ours: positive = the node is ahead. */
export {
  type NtpdateConclusion,
  type NtpdateServer,
  parseNtpdate,
  readNtpdateConclusion,
  readNtpdateLine,
} from './ntpdate.ts';
export {
  isPeersHeading,
  type NtpPeer,
  parsePeers,
  readPeerRow,
  syncStateOfPeers,
  type TallyMark,
} from './peers.ts';
