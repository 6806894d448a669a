package org.trainyard.training.dl4j;

import java.util.function.Function;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where the layers of a forward pass put their arrays. Deeplearning4j's own layers need a
 * workspace, or what they allocate stays until the garbage collector comes; hosted layers have
 * memory of their own.
 */
final class Workspaces {
  private static final String NAME = "TRAINYARD_PASS";
  private static final WorkspaceConfiguration CONFIGURATION =
      WorkspaceConfiguration.builder()
          .initialSize(0)
          .overallocationLimit(0.05)
          .policyAllocation(AllocationPolicy.OVERALLOCATE)
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policyReset(ResetPolicy.BLOCK_LEFT)
          .policySpill(SpillPolicy.REALLOCATE)
          .build();

  private final boolean needed;

  /**
   * @param needed whether there are layers of Deeplearning4j's own
   */
  Workspaces(boolean needed) {
    this.needed = needed;
  }

  /** Whether arrays end with {@link #within}. */
  boolean needed() {
    return needed;
  }

  /** Runs a pass; no array may leave it. */
  <R> R within(Function<LayerWorkspaceMgr, R> pass) {
    if (!needed) {
      return pass.apply(LayerWorkspaceMgr.noWorkspaces());
    }
    try (MemoryWorkspace open =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, NAME)) {
      return pass.apply(
          LayerWorkspaceMgr.builder().defaultWorkspace(open.getId(), CONFIGURATION).build());
    }
  }

  /** Gives back what this thread's passes have left. */
  void close() {
    if (needed) {
      Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    }
  }
}
