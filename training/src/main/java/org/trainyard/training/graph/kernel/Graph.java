package org.trainyard.training.graph.kernel;

import java.io.Serializable;

/**
 * A graph whose nodes are to be classified, held by every JVM that trains on it. Nodes are numbered
 * 0 to n - 1.
 *
 * @param ids by which the user knows the nodes, ascending, shape [n]
 * @param edges who is whose neighbour
 * @param features a row a node
 * @param labels class of each node, 0 to classes - 1, shape [n]
 * @param classes number of classes
 * @param training numbers of the nodes that may be learnt from, ascending
 * @param heldOut numbers of the nodes to judge by, ascending
 */
public record Graph(
    long[] ids,
    Adjacency edges,
    FeatureTable features,
    int[] labels,
    int classes,
    int[] training,
    int[] heldOut)
    implements Serializable {}
