/**
 * Curation in plain Java: rules over one text, fingerprints, language detection. Knows no Spark.
 */
package org.trainyard.dataprep.curate.kernel;
