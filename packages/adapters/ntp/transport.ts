import type { NetworkProblem, Stamp } from '@clockwarden/core/ntp';

/** A server to ask, as its transport knows it. */
export interface Peer {
  /** Names address and port: a datagram's sender is compared with it. */
  readonly key: string;
  readonly address: string;
  readonly port: number;
}

export type Sent =
  | { readonly ok: true; readonly at: Stamp }
  | { readonly ok: false; readonly problem: NetworkProblem };

/** What a transport tells of the network. */
export interface TransportEvents {
  /** `bytes` are only valid during the call. */
  datagram(key: string, bytes: Uint8Array, at: Stamp): void;
  /** `question`: as much of what could not arrive as the network gave back. */
  problem(key: string, question: Uint8Array, problem: NetworkProblem): void;
}

/** Sends and receives datagrams with stamps as near to the wire as it can take them. */
export interface Transport {
  readonly stampedBy: 'kernel' | 'process';
  /** Bound of one stamp, in seconds. */
  readonly precisionSeconds: number;
  /** @param address IPv4 or IPv6 literal, the latter with `%zone` where it needs one */
  peer(address: string, port: number): Peer;
  /** Sends, at the latest when the transport is ready, and then tells the stamp that was taken just before. */
  send(peer: Peer, bytes: Uint8Array, told: (sent: Sent) => void): void;
  /** Nothing more is awaited from this peer. */
  forget(peer: Peer): void;
  close(): void;
}
