/** Tells the time; tests hand in their own. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  nowMs(): number;
}
