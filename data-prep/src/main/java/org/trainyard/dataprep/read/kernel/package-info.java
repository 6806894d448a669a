/** Reading in plain Java: lines, encodings, compression, JSON fields, main text. Knows no Spark. */
package org.trainyard.dataprep.read.kernel;
