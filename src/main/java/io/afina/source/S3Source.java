package io.afina.source;

import io.afina.config.InvalidConfigException;
import io.afina.config.PicturesConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Fetches from S3 or a store that speaks its protocol. Credentials and region are what the SDK
 * finds: variables of the environment, files, the metadata of the machine or of the pod.
 */
final class S3Source implements Source {

  /** So many silences fit into the time of a fetch, so that there is time for another attempt. */
  private static final int SILENCES = 3;

  private final BoundedBody body;
  private final S3Client client;

  /**
   * Makes a client; connects to nothing but where the SDK looks for the region.
   *
   * @throws InvalidConfigException when there is no region and no endpoint
   */
  S3Source(PicturesConfig config) {
    body = new BoundedBody(config.maxBytes());
    Duration silence = config.fetchTime().dividedBy(SILENCES);
    S3ClientBuilder builder =
        S3Client.builder()
            .region(region(config.s3Endpoint()))
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(config.fetches())
                    .connectionAcquisitionTimeout(config.fetchTime())
                    .connectionTimeout(silence)
                    .socketTimeout(silence))
            // Attempts are counted in one place, for all sources alike.
            .overrideConfiguration(
                override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()));
    if (config.s3Endpoint() != null) {
      builder.endpointOverride(URI.create(config.s3Endpoint())).forcePathStyle(true);
    }
    client = builder.build();
  }

  @Override
  public byte[] fetch(SourceUri uri, Deadline deadline) throws FetchException {
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(uri.authority())
            .key(uri.decodedPath().substring(1))
            .overrideConfiguration(override -> override.apiCallTimeout(deadline.left()))
            .build();
    try (ResponseInputStream<GetObjectResponse> object = client.getObject(request)) {
      boolean whole = false;
      try {
        byte[] picture = body.read(object, object.response().contentLength(), deadline);
        whole = true;
        return picture;
      } finally {
        if (!whole) {
          // Else closing it would read it to its end.
          object.abort();
        }
      }
    } catch (SdkServiceException e) {
      throw FetchException.status(e.statusCode());
    } catch (SdkClientException | IOException e) {
      throw FetchException.passing(Source.why("no answer", e), e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private static Region region(@Nullable String endpoint) {
    try {
      return new DefaultAwsRegionProviderChain().getRegion();
    } catch (SdkClientException e) {
      if (endpoint != null) {
        // Other stores take any.
        return Region.US_EAST_1;
      }
      throw new InvalidConfigException(
          "pictures.sources has an s3:// address, and there is no AWS region: set AWS_REGION, or pictures.s3Endpoint for another store",
          e);
    }
  }
}
