package org.trainyard.training.round;

import java.io.Serializable;

/**
 * What the shards are asked to do in one round; small, as it travels with every task.
 *
 * @param run identity of the run: what stays alive on executors belongs to it
 * @param round number of the round, from 0
 * @param epoch the epoch it belongs to
 * @param next by shard, the batch to start from
 * @param activeShards shards that have batches left
 * @param seen units seen before the round
 * @param step rule steps taken before the round; 0 if the rule's state starts anew
 */
record RoundCall(
    String run, long round, long epoch, long[] next, int activeShards, long seen, long step)
    implements Serializable {}
